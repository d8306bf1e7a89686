import { OUTPUT_OPTION, YES_OPTION, type CommandSpec } from '../../command.ts'

/** What a project may run and send. */
export const TRUST_SPECS: readonly CommandSpec[] = [
  {
    name: 'trust',
    args: [['[PATH]', 'a folder with a bagboy.yaml; default: this one']],
    summary: 'Show what a project would run and where secrets would go, and trust it',
    options: [{ flags: '--show', summary: 'only show it' }, YES_OPTION, OUTPUT_OPTION],
    examples: ['trust', 'trust --show -o json', 'trust --yes'],
    load: async () => (await import('./trust.ts')).runTrust,
  },
  {
    name: 'trust list',
    args: [],
    summary: 'Every project that is trusted',
    options: [OUTPUT_OPTION],
    examples: ['trust list'],
    load: async () => (await import('./trust-list.ts')).runTrustList,
  },
  {
    name: 'trust revoke',
    args: [['[PATH]', 'the folder or its configuration file; default: this folder']],
    summary: 'Revoke the trust in a project',
    options: [OUTPUT_OPTION],
    examples: ['trust revoke', 'trust revoke ~/src/old-project'],
    load: async () => (await import('./trust-revoke.ts')).runTrustRevoke,
  },
]
