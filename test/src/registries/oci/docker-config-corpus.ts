/** One `config.json` as people have them, asked for `registry.example.com/team/app`. */
export interface DockerConfigSample {
  readonly what: string
  /** `undefined`: there is no such file. */
  readonly config: string | undefined
  readonly env: Readonly<Record<string, string>>
  /** `user:secret`, `:token` for an identity token, `none`, or the code of an error. */
  readonly login: string
}

const HOST = 'registry.example.com'
const auth = (login: string) => Buffer.from(login).toString('base64')
const ME = { auth: auth('me:s3cret') }
const OTHER = { auth: auth('other:wrong') }

function sample(
  what: string,
  config: unknown,
  login: string,
  env: Readonly<Record<string, string>> = {},
): DockerConfigSample {
  const text = typeof config === 'string' || config === undefined ? config : JSON.stringify(config, null, '\t')
  return { what, config: text, env, login }
}

/** Helpers of the corpus, by name: what each does with the server that it gets. */
export const HELPERS: Readonly<Record<string, string>> = {
  pass: `[ -r "$PASSWORD_STORE_DIR" ] || { echo "pass store is uninitialized"; exit 1; }
    printf '{"ServerURL":"%s","Username":"pass","Secret":"from-pass"}' "$server"`,
  desktop: `[ "$server" = ${HOST} ] && echo '{"ServerURL":"${HOST}","Username":"desktop","Secret":"from-desktop"}' || { echo "credentials not found in native keychain"; exit 1; }`,
  empty: `echo '{"ServerURL":"","Username":"","Secret":""}'`,
  token: `echo '{"Username":"<token>","Secret":"identity"}'`,
  userless: `echo '{"Secret":"identity"}'`,
  none: 'echo "credentials not found in native keychain"; exit 1',
  'none.exe': 'echo "credentials not found in native keychain" >&2; exit 1',
  locked: 'echo "the vault is locked"; exit 1',
  'ecr-login': `[ "$AWS_PROFILE" = release ] && echo '{"Username":"AWS","Secret":"from-ecr"}' || exit 1`,
  broken: 'echo "gpg: command not found"; exit 127',
}

export const DOCKER_CONFIGS: readonly DockerConfigSample[] = [
  // What is not there.
  sample('no file', undefined, 'none'),
  sample('an empty file', '', 'none'),
  sample('an empty object', '{}', 'none'),
  sample('other settings only', { psFormat: 'table', detachKeys: 'ctrl-e,e', currentContext: 'default' }, 'none'),
  sample('empty logins', { auths: {} }, 'none'),
  sample('logins that are null', { auths: null }, 'none'),
  sample('a login that is null', { auths: { [HOST]: null } }, 'none'),
  sample('a login that is empty', { auths: { [HOST]: {} } }, 'none'),
  sample('a login whose auth is null', { auths: { [HOST]: { auth: null } } }, 'none'),
  sample('a login without a colon', { auths: { [HOST]: { auth: auth('nobody') } } }, 'none'),
  sample('only the login of another host', { auths: { 'other.example.com': OTHER } }, 'none'),
  sample('only the login of another port', { auths: { [`${HOST}:5000`]: OTHER } }, 'none'),
  sample('only the login of a name that begins alike', { auths: { [`${HOST}.evil.example`]: OTHER } }, 'none'),
  sample('only Docker Hub', { auths: { 'https://index.docker.io/v1/': OTHER } }, 'none'),
  // By which name.
  sample('the host', { auths: { [HOST]: ME } }, 'me:s3cret'),
  sample(
    'the host, beside others',
    { auths: { 'a.example.com': OTHER, [HOST]: ME, 'z.example.com': OTHER } },
    'me:s3cret',
  ),
  sample('an address', { auths: { [`https://${HOST}`]: ME } }, 'me:s3cret'),
  sample('an address with a slash', { auths: { [`https://${HOST}/`]: ME } }, 'me:s3cret'),
  sample('an address of version 1', { auths: { [`https://${HOST}/v1/`]: ME } }, 'me:s3cret'),
  sample('an address of version 2', { auths: { [`https://${HOST}/v2/`]: ME } }, 'me:s3cret'),
  sample('an address without its last slash', { auths: { [`https://${HOST}/v2`]: ME } }, 'me:s3cret'),
  sample('an address with a path', { auths: { [`https://${HOST}/artifactory/api`]: ME } }, 'me:s3cret'),
  sample('plain http', { auths: { [`http://${HOST}`]: ME } }, 'me:s3cret'),
  sample('a host and a slash', { auths: { [`${HOST}/`]: ME } }, 'me:s3cret'),
  sample('a host and a version', { auths: { [`${HOST}/v2/`]: ME } }, 'me:s3cret'),
  sample('capital letters', { auths: { 'Registry.Example.com': ME } }, 'me:s3cret'),
  sample('the repository, as podman writes it', { auths: { [HOST]: OTHER, [`${HOST}/team/app`]: ME } }, 'me:s3cret'),
  sample('a group, as podman writes it', { auths: { [HOST]: OTHER, [`${HOST}/team`]: ME } }, 'me:s3cret'),
  sample('another repository beside the host', { auths: { [`${HOST}/other/app`]: OTHER, [HOST]: ME } }, 'me:s3cret'),
  sample('the host twice, the usual name first', { auths: { [`https://${HOST}`]: OTHER, [HOST]: ME } }, 'me:s3cret'),
  // In which form.
  sample('a secret with colons', { auths: { [HOST]: { auth: auth('me:a:b:c') } } }, 'me:a:b:c'),
  sample('a secret with umlauts', { auths: { [HOST]: { auth: auth('me:größe') } } }, 'me:größe'),
  sample('an empty secret', { auths: { [HOST]: { auth: auth('me:') } } }, 'me:'),
  sample('zero bytes at the end', { auths: { [HOST]: { auth: auth('me:s3cret\0\0') } } }, 'me:s3cret'),
  sample(
    'base64 without padding',
    { auths: { [HOST]: { auth: auth('me:s3cret1').replace(/=+$/u, '') } } },
    'me:s3cret1',
  ),
  sample('base64 with a line break', { auths: { [HOST]: { auth: `${auth('me:s3cret')}\n` } } }, 'me:s3cret'),
  sample('a mail address from long ago', { auths: { [HOST]: { ...ME, email: 'me@example.com' } } }, 'me:s3cret'),
  sample(
    'user and password, as Kubernetes writes them',
    { auths: { [HOST]: { username: 'me', password: 's3cret' } } },
    'me:s3cret',
  ),
  sample(
    'all three, as kubectl writes them',
    { auths: { [HOST]: { username: 'x', password: 'y', ...ME } } },
    'me:s3cret',
  ),
  sample('an identity token', { auths: { [HOST]: { auth: '', identitytoken: 'idt' } } }, ':idt'),
  sample('an identity token beside a user', { auths: { [HOST]: { auth: auth('me:'), identitytoken: 'idt' } } }, ':idt'),
  sample('keys in capitals', { Auths: { [HOST]: { Auth: ME.auth } } }, 'me:s3cret'),
  sample('an entry of another host that is broken', { auths: { 'old.example.com': 'x', [HOST]: ME } }, 'me:s3cret'),
  sample(
    'headers and proxies beside it',
    { HttpHeaders: { 'User-Agent': 'Docker-Client' }, proxies: { default: {} }, auths: { [HOST]: ME } },
    'me:s3cret',
  ),
  sample(
    'plugins and features beside it',
    {
      auths: { [HOST]: ME },
      plugins: { x: { hooks: 'y' } },
      features: { hooks: 'true' },
      aliases: { builder: 'buildx' },
    },
    'me:s3cret',
  ),
  // Where a store is named.
  sample('an empty store', { auths: { [HOST]: ME }, credsStore: '' }, 'me:s3cret'),
  sample('a store that is null', { auths: { [HOST]: ME }, credsStore: null }, 'me:s3cret'),
  sample('helpers that are null', { auths: { [HOST]: ME }, credHelpers: null }, 'me:s3cret'),
  sample('a helper that is empty', { auths: { [HOST]: ME }, credHelpers: { [HOST]: '' } }, 'me:s3cret'),
  sample('a helper that is null', { auths: { [HOST]: ME }, credHelpers: { [HOST]: null } }, 'me:s3cret'),
  sample(
    'an empty helper before a common store',
    { auths: { [HOST]: ME }, credHelpers: { [HOST]: '' }, credsStore: 'locked' },
    'me:s3cret',
  ),
  sample(
    'a store, and empty entries as Docker Desktop leaves them',
    { auths: { [HOST]: {} }, credsStore: 'desktop' },
    'desktop:from-desktop',
  ),
  sample(
    'a store under a key in other letters',
    { auths: { [HOST]: {} }, credsstore: 'desktop' },
    'desktop:from-desktop',
  ),
  sample(
    'a helper of the host before a store',
    { credHelpers: { [HOST]: 'ecr-login' }, credsStore: 'locked' },
    'AWS:from-ecr',
    { AWS_PROFILE: 'release' },
  ),
  sample(
    'a helper of another host',
    { credHelpers: { 'other.example.com': 'locked' }, auths: { [HOST]: ME } },
    'me:s3cret',
  ),
  sample('a helper that needs a variable of its own', { credHelpers: { [HOST]: 'pass' } }, 'pass:from-pass', {
    PASSWORD_STORE_DIR: '/',
  }),
  sample('a helper without its variable', { credHelpers: { [HOST]: 'pass' } }, 'REGISTRY_UNAUTHORIZED'),
  sample('a store that has none, and the file', { credsStore: 'none', auths: { [HOST]: ME } }, 'me:s3cret'),
  sample('a store with a dot that says so on stderr', { credsStore: 'none.exe', auths: { [HOST]: ME } }, 'me:s3cret'),
  sample('a store that answers with nothing', { credsStore: 'empty', auths: { [HOST]: ME } }, 'me:s3cret'),
  sample('a store that gives an identity token', { credsStore: 'token' }, ':identity'),
  sample('a store that gives no user', { credsStore: 'userless' }, ':identity'),
  sample('a store that is locked', { credsStore: 'locked', auths: { [HOST]: ME } }, 'REGISTRY_UNAUTHORIZED'),
  sample(
    'a store that lacks a program of its own',
    { credsStore: 'broken', auths: { [HOST]: ME } },
    'REGISTRY_UNAUTHORIZED',
  ),
  sample('a store that is not installed', { credsStore: 'osxkeychain' }, 'REGISTRY_UNREACHABLE'),
  sample('a store with a path for a name', { credsStore: '../../evil' }, 'CONFIG_INVALID'),
  // Where else it may stand.
  sample('the variable of docker', undefined, 'env:s3cret', {
    DOCKER_AUTH_CONFIG: JSON.stringify({ auths: { [HOST]: { auth: auth('env:s3cret') } } }),
  }),
  sample('the variable before the file', { auths: { [HOST]: OTHER } }, 'env:s3cret', {
    DOCKER_AUTH_CONFIG: JSON.stringify({ auths: { [HOST]: { auth: auth('env:s3cret') } } }),
  }),
  sample('the variable for another host, and the file', { auths: { [HOST]: ME } }, 'me:s3cret', {
    DOCKER_AUTH_CONFIG: JSON.stringify({ auths: { 'other.example.com': OTHER } }),
  }),
  sample('an empty variable', { auths: { [HOST]: ME } }, 'me:s3cret', { DOCKER_AUTH_CONFIG: '' }),
  sample('an empty DOCKER_CONFIG', { auths: { [HOST]: ME } }, 'me:s3cret', { DOCKER_CONFIG: '' }),
  sample('a DOCKER_CONFIG where nothing is', { auths: { [HOST]: ME } }, 'none', { DOCKER_CONFIG: '/nowhere' }),
  // What docker refuses as well.
  sample('half of a file', '{"auths":{"r":{"auth":"s3cret', 'CONFIG_INVALID'),
  sample('a list', '[]', 'CONFIG_INVALID'),
  sample('logins that are a text', { auths: 's3cret' }, 'CONFIG_INVALID'),
  sample('a variable that is no JSON', { auths: { [HOST]: ME } }, 'CONFIG_INVALID', { DOCKER_AUTH_CONFIG: 's3cret' }),
]
