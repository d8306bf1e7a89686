import type { PointerFileFormat } from '../pointer-file/pointer-file-format.ts'

type Layout = Required<Pick<PointerFileFormat, 'pathsOf' | 'folders' | 'filesOf' | 'kindOfPath' | 'kindOfText'>>

const FORMULA_FOLDERS = ['Formula', 'HomebrewFormula'] as const

/**
 * Where Homebrew looks in a tap: formulas in the first of `Formula`, `HomebrewFormula` and the root that there is, casks in
 * `Casks`; in a folder at any depth, as large taps have them by their first letters.
 */
export const BREW_LAYOUT: Layout = {
  folders: [...FORMULA_FOLDERS, 'Casks'],
  pathsOf(name) {
    const shard = name.charAt(0).toLowerCase()
    return [
      `Formula/${name}.rb`,
      `${name}.rb`,
      `Casks/${name}.rb`,
      `HomebrewFormula/${name}.rb`,
      `Formula/${shard}/${name}.rb`,
      `Casks/${shard}/${name}.rb`,
    ]
  },
  filesOf(name, paths) {
    const folder = FORMULA_FOLDERS.find((one) => paths.some((path) => path.startsWith(`${one}/`)))
    const within = (one: string): readonly string[] =>
      paths.filter((path) => path.startsWith(`${one}/`) && path.endsWith(`/${name}.rb`)).toSorted()
    const formulas = folder === undefined ? paths.filter((path) => path === `${name}.rb`) : within(folder)
    return [...formulas, ...within('Casks')]
  },
  kindOfPath(path) {
    if (path.startsWith('Casks/')) return 'cask'
    const isFormula = !path.includes('/') || FORMULA_FOLDERS.some((folder) => path.startsWith(`${folder}/`))
    return isFormula ? 'formula' : undefined
  },
  kindOfText(text) {
    if (/^[ \t]*cask[ \t(]+["']/mu.test(text)) return 'cask'
    return /^[ \t]*class[ \t]+\w+[ \t]*</mu.test(text) ? 'formula' : undefined
  },
}
