/** What a sample is drawn from: the same number of mutants in each area. */
export const AREAS: Readonly<Record<string, readonly string[]>> = {
  registries: ['src/registries/', 'src/git/', 'src/http-api/', 'src/signing/'],
  traffic: ['src/traffic/'],
  'planner, validation': ['src/planner/', 'src/validation/', 'src/config/', 'src/domain/'],
  'history, journal, lock': ['src/history/', 'src/journal/', 'src/lock/', 'src/state-folder/', 'src/yaml/'],
  health: ['src/health/', 'src/promql/'],
  'engine: deploy, watch': ['src/engine/deploy/', 'src/engine/watch/'],
  'cli, view': ['src/cli/', 'src/view/', 'src/remote/'],
  'engine: rollback, records': [
    'src/engine/rollback/',
    'src/engine/records/',
    'src/operation/',
    'src/events/',
    'src/machine/',
  ],
  store: ['store/'],
  components: ['components/'],
}

/** The area of a file; absent for what no sample is drawn from: the sandbox, the platform, the composition root. */
export function areaOf(path: string): string | undefined {
  return Object.keys(AREAS).find((area) => AREAS[area]?.some((folder) => path.startsWith(folder)))
}
