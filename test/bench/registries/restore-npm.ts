import type { NpmTarget } from '../../support/releases/publish-npm-package.ts'

/** Points `latest` at a version and takes back all deprecations, past every client. */
export async function restoreNpm({ url, token }: NpmTarget, name: string, version: string): Promise<void> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
  const put = async (path: string, content: unknown): Promise<void> => {
    const answer = await fetch(`${url}${path}`, { method: 'PUT', headers, body: JSON.stringify(content) })
    if (!answer.ok) throw new Error(`PUT ${path}: ${answer.status} ${await answer.text()}`)
  }
  const read = await fetch(`${url}/${name}?write=true`, { headers })
  const document = (await read.json()) as { readonly versions: Readonly<Record<string, object>> }
  const versions = Object.entries(document.versions).map(([each, entry]) => [each, { ...entry, deprecated: '' }])
  await put(`/${name}`, { ...document, versions: Object.fromEntries(versions) })
  await put(`/-/package/${name}/dist-tags/latest`, version)
}
