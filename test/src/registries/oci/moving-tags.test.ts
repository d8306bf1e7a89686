import { describe, expect, test } from 'vitest'
import { toErrorReport } from '../../../../src/errors/bagboy-error.ts'
import { codeOf } from '../../../contract/registries/driver-session.ts'
import { openDockerRegistry, pinned } from '../../../support/registries/docker-session.ts'

describe('a tag that leads to another version than the one that is left', () => {
  const TAGS = { tags: ['latest', 'stable'] }

  test('stays there, and the plan says so', async () => {
    const { push, session, tags } = await openDockerRegistry()
    const older = push('older', ['1.1.0', 'stable'])
    const [old, bad] = [push('old', ['1.2.0']), push('bad', ['1.3.0', 'latest'])]
    const { inspect, draft, execute } = session(
      pinned('1.3.0', bad.digest, ['latest']),
      pinned('1.2.0', old.digest, ['latest']),
      TAGS,
    )
    const before = await inspect()
    const step = draft(before)

    await execute(step.actions, before.pointer)

    expect(step.title).toBe('Point tag latest at 1.2.0 (stable leads to another version and stays)')
    expect(before.preview.after).toBe(`latest  ${old.digest}\nstable  ${older.digest}`)
    expect(tags()).toMatchObject({ latest: old.digest, stable: older.digest })
    await execute(step.undo, (await inspect()).pointer)
    expect(tags()).toMatchObject({ latest: bad.digest, stable: older.digest })
  })

  test('moves with the others where that is configured', async () => {
    const { push, session, tags } = await openDockerRegistry()
    push('older', ['1.1.0', 'stable'])
    const [old, bad] = [push('old', ['1.2.0']), push('bad', ['1.3.0', 'latest'])]
    const { inspect, draft, execute } = session(pinned('1.3.0', bad.digest), pinned('1.2.0', old.digest), {
      ...TAGS,
      move_all_tags: true,
    })
    const before = await inspect()

    await execute(draft(before).actions, before.pointer)

    expect(tags()).toMatchObject({ latest: old.digest, stable: old.digest })
  })

  test('moves when it led to the version that is left as that was recorded', async () => {
    const { push, session, tags } = await openDockerRegistry()
    push('pushed by somebody since', ['stable'])
    const [old, bad] = [push('old', ['1.2.0']), push('bad', ['1.3.0', 'latest'])]
    const recorded = pinned('1.3.0', bad.digest, ['latest', 'stable'])
    const { inspect, draft, execute } = session(recorded, pinned('1.2.0', old.digest), TAGS)
    const before = await inspect()

    await execute(draft(before).actions, before.pointer)

    expect(tags()).toMatchObject({ latest: old.digest, stable: old.digest })
  })

  test.each([
    ['nothing was recorded of it', null],
    ['none of the tags ever led to it', `sha256:${'c'.repeat(64)}`],
  ])('is told by where the first tag leads when %s', async (_what, digest) => {
    const { push, session, tags } = await openDockerRegistry()
    const older = push('older', ['1.1.0', 'stable'])
    const old = push('old', ['1.2.0'])
    push('unrecorded', ['latest', 'edge'])
    const from = digest === null ? { version: '1.3.0', pin: null } : pinned('1.3.0', digest)
    const options = { tags: ['latest', 'stable', 'edge'] }
    const { inspect, draft, execute } = session(from, pinned('1.2.0', old.digest), options)
    const before = await inspect()

    await execute(draft(before).actions, before.pointer)

    expect(tags()).toMatchObject({ latest: old.digest, edge: old.digest, stable: older.digest })
  })
})

describe('a tag that the registry does not let move', () => {
  test.each([
    [
      'ECR',
      400,
      '{"errors":[{"code":"TAG_INVALID","message":"The image tag \'latest\' already exists in the \'app\' repository and cannot be overwritten because the tag is immutable."}]}',
    ],
    [
      'Harbor',
      412,
      '{"errors":[{"code":"PRECONDITION","message":"Failed to process request due to \'latest\' configured as immutable."}]}',
    ],
    ['Docker Hub', 403, '{"errors":[{"code":"DENIED","message":"This tag is immutable and cannot be updated"}]}'],
    ['Quay', 409, '{"errors":[{"code":"TAG_IMMUTABLE","message":"tag is immutable","detail":{}}]}'],
    [
      'GitLab',
      403,
      '{"errors":[{"code":"DENIED","message":"tag protected: the tag is protected by an immutability rule"}]}',
    ],
    [
      'Artifact Registry',
      400,
      '{"errors":[{"code":"MANIFEST_INVALID","message":"cannot update tag latest. The repository has enabled tag immutability"}]}',
    ],
    [
      'ACR',
      405,
      '{"errors":[{"code":"DENIED","message":"The operation is disallowed on this registry, repository or image."}]}',
    ],
    [
      'Artifactory',
      403,
      '{"errors":[{"code":"DENIED","message":"Not enough permissions to delete/overwrite artifact \'docker-local:app/latest/manifest.json\'"}]}',
    ],
    [
      'Nexus',
      400,
      '{"errors":[{"code":"UNKNOWN","message":"Repository does not allow updating assets: docker-hosted"}]}',
    ],
  ])('is named with what helps, as %s says it', async (_registry, status, body) => {
    const { push, session, proxy, tags } = await openDockerRegistry()
    const [old, bad] = [push('old', ['1.2.0']), push('bad', ['1.3.0', 'latest'])]
    const { inspect, draft, execute } = session(pinned('1.3.0', bad.digest), pinned('1.2.0', old.digest))
    const before = await inspect()
    const step = draft(before)
    proxy.inject({ kind: 'status', applied: false, status, body, method: 'PUT', path: /latest$/u })

    const refused = await execute(step.actions, before.pointer).catch(toErrorReport)
    const back = await codeOf(execute(step.undo, before.pointer))

    expect(refused).toMatchObject({
      code: 'REGISTRY_REJECTED',
      message: expect.stringContaining(JSON.parse(body).errors[0].message.slice(0, 40)) as string,
      hint: expect.stringMatching(/^Take latest out of .*immutable tags/u) as string,
    })
    // It is where it was: there is nothing to put back, and that is known.
    expect([back, tags()['latest']]).toEqual(['resolved', bad.digest])
  })
})
