import type { RunVocabulary } from '../../journal/run-folders.ts'

/** How errors about the journal of a deploy speak. */
export const DEPLOY_WORDS: RunVocabulary = {
  noun: 'deploy',
  list: 'See what is open: bagboy-tui traffic status',
  see: () => 'See what stands now: bagboy-tui traffic status',
  goOn: () => 'Go on with it: bagboy-tui traffic resume',
  takeoverCommand: (deploy) => `bagboy-tui traffic resume --deploy ${deploy} --takeover --reason TEXT`,
  async loadForm() {
    const [{ eventFault }, { deployEventForms }] = await Promise.all([
      import('../../events/schema/event-fault.ts'),
      import('../../events/schema/deploy-event-schema.ts'),
    ])
    return (event) => eventFault(deployEventForms, event)
  },
}
