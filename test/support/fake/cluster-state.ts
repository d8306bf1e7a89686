/** What the stand-in for a cluster keeps between two calls. */
export interface ClusterState {
  /** Of the newest write anywhere. */
  version: number
  /** What the gateway had seen when it last looked. */
  seenGeneration: number
  /** The same for the endpoints of the Service; and what they are. */
  seenSlot: string
  endpointSlot: string
  slotReady: Record<string, boolean>
  readonly route: {
    readonly metadata: { readonly name: string; readonly uid: string; resourceVersion: string; generation: number }
    spec: { rules: { backendRefs: { name: string; weight?: number }[] }[] }
    readonly status: {
      readonly parents: { readonly conditions: { type: string; status: string; observedGeneration: number }[] }[]
    }
  }
  readonly service: {
    readonly metadata: { readonly name: string; readonly uid: string; resourceVersion: string; generation?: number }
    spec: { selector: Record<string, string> }
  }
  readonly pods: readonly {
    readonly metadata: { readonly name: string; readonly labels: Readonly<Record<string, string>> }
  }[]
}

/** A route and a Service that send everything to blue. */
export function createClusterState(): ClusterState {
  const condition = (type: string) => ({ type, status: 'True', reason: type, observedGeneration: 1 })
  return {
    version: 100,
    seenGeneration: 1,
    seenSlot: 'blue',
    endpointSlot: 'blue',
    slotReady: { blue: true, green: true },
    route: {
      metadata: { name: 'app', uid: '4b1c', resourceVersion: '90', generation: 1 },
      spec: {
        rules: [
          { backendRefs: [{ name: 'static' }] },
          { backendRefs: [{ name: 'app-blue' }, { name: 'app-green', weight: 0 }] },
        ],
      },
      status: { parents: [{ conditions: [condition('Accepted'), condition('ResolvedRefs')] }] },
    },
    service: {
      metadata: { name: 'app', uid: '77aa', resourceVersion: '91' },
      spec: { selector: { app: 'app', slot: 'blue' } },
    },
    pods: ['blue', 'green'].map((slot) => ({ metadata: { name: `app-${slot}-1`, labels: { app: 'app', slot } } })),
  }
}
