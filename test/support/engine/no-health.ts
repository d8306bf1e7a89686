import type { Config } from '../../../src/config/config.ts'

/** A project that watches nothing and checks no target: what an empty `deployment:` means. */
export const NO_HEALTH: Pick<Config, 'health' | 'validation'> = {
  health: {
    checks: [],
    slots: { blue: null, green: null, preview: null },
    sources: [{ type: 'probes', name: 'probes' }],
    analysis: { windowMs: 600_000, intervalMs: 30_000, initialDelayMs: 0, checks: [] },
    triggers: [],
    auto: {
      mode: null,
      countdownMs: 10_000,
      maxAutoRollbacks: 1,
      cooldownMs: 1_800_000,
      target: 'last_known_good',
      requireHealthyTarget: true,
      compareWithBaseline: true,
      maxRevisions: null,
      maxAgeMs: null,
    },
  },
  validation: {
    smokeTests: null,
    dependencies: 'off',
    compatibility: { level: 'off', schemaWords: null, onUnknown: 'warn' },
    artifacts: { checksums: 'off', signatures: 'off', attestations: 'off' },
  },
}
