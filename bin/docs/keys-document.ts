import type { KeyBinding } from '../../components/input/key-binding.ts'
import { KEYMAP } from '../../components/input/keymap.ts'
import { markdownDocument, markdownTable } from './markdown.ts'

/** Every key of the app, scope by scope. */
export function keysDocument(): string {
  const scopes = [...new Set(KEYMAP.map(({ scope }) => scope))]
  const ordered = [...scopes.filter((scope) => !isScreen(scope)), ...scopes.filter(isScreen)]
  const parts = ordered.map((scope) => {
    const rows = KEYMAP.filter((binding) => binding.scope === scope).map(row)
    return `## ${isScreen(scope) ? `Screen: ${scope}` : scope}\n\n${markdownTable(['Keys', 'Does', ''], rows)}`
  })
  return markdownDocument('Keys', 'the key tables in components', [
    'The app reads the same table. `?` shows the keys that work on a screen, and why the others do not.',
    ...parts,
  ])
}

function isScreen(scope: KeyBinding['scope']): boolean {
  return scope !== 'everywhere' && scope !== 'move'
}

function row({ keys, label, isDangerous }: KeyBinding): readonly string[] {
  return [keys.map((key) => `\`${key}\``).join(' '), label, isDangerous === true ? 'changes something' : '']
}
