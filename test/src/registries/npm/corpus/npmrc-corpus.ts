/** What a person has of npm's configuration, and the package that is asked for. `<root>` stands for the project's folder. */
export interface NpmrcCase {
  readonly name: string
  readonly project?: string
  readonly user?: string
  readonly global?: string
  readonly env?: Readonly<Record<string, string>>
  /** Below the project: path → text. */
  readonly files?: Readonly<Record<string, string>>
  readonly package?: string
  /** Where we mean to differ, and why. */
  readonly differs?: string
}

const R = '//npm.example.com'
const HOST = 'registry=https://npm.example.com/'
const PATH_HOST = 'registry=https://repo.example.com/artifactory/api/npm/npm-local/'
const P = '//repo.example.com/artifactory/api/npm/npm-local'
const basic = (text: string) => Buffer.from(text).toString('base64')
const login = (lines: string): Pick<NpmrcCase, 'user'> => ({ user: `${HOST}\n${lines}\n` })

/** Shapes of `.npmrc` as they stand in public projects, answers and vendors' manuals. */
export const NPMRC_CASES: readonly NpmrcCase[] = [
  { name: 'nothing at all' },
  { name: 'only comments', user: '; a comment\n# another\n\n' },
  { name: 'a token', ...login(`${R}/:_authToken=npm_abc`) },
  { name: 'a token with spaces around the sign', ...login(`${R}/:_authToken = npm_abc`) },
  { name: 'a token in double quotes', ...login(`${R}/:_authToken="npm_abc"`) },
  { name: 'a token in single quotes', ...login(`${R}/:_authToken='npm_abc'`) },
  { name: 'a quote on one side only', ...login(`${R}/:_authToken="npm_abc`) },
  { name: 'a comment behind a value', ...login(`${R}/:_authToken=npm_abc ; of the build account`) },
  { name: 'a hash behind a value', ...login(`${R}/:_authToken=npm_abc # of the build account`) },
  { name: 'a hash in a value', ...login(`${R}/:_authToken=npm#abc`) },
  { name: 'an escaped hash and semicolon', ...login(String.raw`${R}/:_authToken=npm\#a\;b`) },
  { name: 'an equals sign in a value', ...login(`${R}/:_auth=${basic('me:secret1')}==`) },
  { name: 'a backslash at the end', ...login(`${R}/:_authToken=npm_abc\\`) },
  { name: 'a key in quotes', ...login(`"${R}/:_authToken"=npm_abc`) },
  { name: 'a key without a value', ...login(`${R}/:_authToken`) },
  { name: 'a value of null', ...login(`${R}/:_authToken=null`) },
  { name: 'a value of true', ...login(`${R}/:_authToken=true`) },
  { name: 'an empty value', ...login(`${R}/:_authToken=`) },
  { name: 'lines that end as on Windows', user: `${HOST}\r\n${R}/:_authToken=npm_abc\r\n` },
  { name: 'lines that end as on old Macs', user: `${HOST}\r${R}/:_authToken=npm_abc\r` },
  { name: 'the last line without an end', user: `${HOST}\n${R}/:_authToken=npm_abc` },
  { name: 'a key twice', ...login(`${R}/:_authToken=first\n${R}/:_authToken=second`) },
  { name: 'a token in a section', ...login(`[auth]\n${R}/:_authToken=npm_abc`) },
  { name: 'an empty section in front', user: `[]\n${HOST}\n${R}/:_authToken=npm_abc\n` },
  { name: 'a token as a list', ...login(`${R}/:_authToken[]=npm_abc`) },
  { name: 'a variable', ...login(`${R}/:_authToken=\${NPM_TOKEN}`), env: { NPM_TOKEN: 'npm_abc' } },
  { name: 'a variable in quotes', ...login(`${R}/:_authToken="\${NPM_TOKEN}"`), env: { NPM_TOKEN: 'npm_abc' } },
  {
    name: 'an optional variable that is set',
    ...login(`${R}/:_authToken=\${NPM_TOKEN?}`),
    env: { NPM_TOKEN: 'npm_abc' },
  },
  { name: 'an optional variable that is not set', ...login(`${R}/:_authToken=\${NPM_TOKEN?}`) },
  {
    name: 'a variable that is not set',
    ...login(`${R}/:_authToken=\${NPM_TOKEN}`),
    differs: 'npm sends the reference itself; here nothing is sent, and the variable is named',
  },
  { name: 'an escaped variable', ...login(`${R}/:_authToken=\\\${NPM_TOKEN}`), env: { NPM_TOKEN: 'npm_abc' } },
  { name: 'two variables in a value', ...login(`${R}/:_authToken=\${A}-\${B}`), env: { A: 'a', B: 'b' } },
  { name: 'a variable without braces', ...login(`${R}/:_authToken=$NPM_TOKEN`), env: { NPM_TOKEN: 'npm_abc' } },
  { name: 'a variable in a key', ...login('//${H}/:_authToken=npm_abc'), env: { H: 'npm.example.com' } },
  { name: 'a variable in the registry', user: 'registry=https://${H}/\n', env: { H: 'npm.example.com' } },
  { name: 'a user and a password', ...login(`${R}/:username=me\n${R}/:_password=${basic('secret-1')}`) },
  { name: 'a user without a password', ...login(`${R}/:username=me`) },
  {
    name: 'a user, a password and an address',
    ...login(`${R}/:username=me\n${R}/:_password=${basic('s3')}\n${R}/:email=me@example.com\n${R}/:always-auth=true`),
  },
  { name: 'basic credentials', ...login(`${R}/:_auth=${basic('me:secret-1')}`) },
  { name: 'a token and basic credentials', ...login(`${R}/:_auth=${basic('me:s')}\n${R}/:_authToken=npm_abc`) },
  { name: 'a certificate', ...login(`${R}/:certfile=/etc/npm/c.pem\n${R}/:keyfile=/etc/npm/k.pem`) },
  {
    name: 'a certificate and a token',
    ...login(`${R}/:certfile=/etc/npm/c.pem\n${R}/:keyfile=/etc/npm/k.pem\n${R}/:_authToken=npm_abc`),
  },
  { name: 'no slash at the end of the key', ...login(`${R}:_authToken=npm_abc`) },
  { name: 'a path as Artifactory writes it', user: `${PATH_HOST}\n${P}/:_authToken=cmVm\n` },
  { name: 'a path without its slash', user: `${PATH_HOST}\n${P}:_authToken=cmVm\n` },
  { name: 'the host of a registry with a path', user: `${PATH_HOST}\n//repo.example.com/:_authToken=cmVm\n` },
  {
    name: 'a longer path before a shorter one',
    user: `${PATH_HOST}\n//repo.example.com/:_authToken=host\n${P}/:_authToken=path\n`,
  },
  {
    name: 'a registry without a slash at the end',
    user: `registry=https://repo.example.com/npm\n//repo.example.com/npm/:_authToken=cmVm\n`,
  },
  {
    name: 'a path beside the one of the registry',
    user: `registry=https://repo.example.com/npm\n//repo.example.com/npm2/:_authToken=cmVm\n`,
  },
  {
    name: 'another port',
    user: `registry=http://127.0.0.1:4873/\n//127.0.0.1:4873/:_authToken=a\n//127.0.0.1/:_authToken=b\n`,
  },
  { name: 'the default port in the key', ...login('//npm.example.com:443/:_authToken=npm_abc') },
  {
    name: 'a host in capitals',
    user: 'registry=https://NPM.example.com/\n//NPM.example.com/:_authToken=a\n//npm.example.com/:_authToken=b\n',
  },
  {
    name: 'a scope',
    user: `@acme:registry=https://npm.pkg.example.com/\n//npm.pkg.example.com/:_authToken=ghp_1\n`,
    package: '@acme/app',
  },
  {
    name: 'a scope that is another one',
    user: `@acme:registry=https://npm.pkg.example.com/\n//npm.pkg.example.com/:_authToken=ghp_1\n`,
    package: '@other/app',
  },
  {
    name: 'a scope of GitLab',
    user: '@acme:registry=https://gitlab.example.com/api/v4/projects/7/packages/npm/\n//gitlab.example.com/api/v4/projects/7/packages/npm/:_authToken=glpat\n',
    package: '@acme/app',
  },
  {
    name: 'a feed of Azure',
    project: 'registry=https://pkgs.example.com/org/_packaging/feed/npm/registry/\nalways-auth=true\n',
    user: '//pkgs.example.com/org/_packaging/feed/npm/registry/:username=org\n//pkgs.example.com/org/_packaging/feed/npm/registry/:_password=cGF0\n//pkgs.example.com/org/_packaging/feed/npm/:_authToken=other\n',
  },
  {
    name: 'the project before the user',
    project: `${HOST}\n${R}/:_authToken=project\n`,
    user: `${R}/:_authToken=user\n`,
  },
  {
    name: 'the user before the machine',
    user: `${R}/:_authToken=user\n`,
    global: `${HOST}\n${R}/:_authToken=machine\n`,
  },
  {
    name: 'a setting of null over one of the user',
    project: `${R}/:_authToken=null\n`,
    ...login(`${R}/:_authToken=user`),
  },
  { name: 'the machine alone', global: `${HOST}\n${R}/:_authToken=machine\nstrict-ssl=false\n` },
  {
    name: 'the environment before all',
    ...login(`${R}/:_authToken=user`),
    env: { 'npm_config_//npm.example.com/:_authToken': 'env', NPM_CONFIG_REGISTRY: 'https://npm.example.com' },
  },
  { name: 'an empty variable of the environment', ...login(`${R}/:_authToken=user`), env: { npm_config_registry: '' } },
  {
    name: 'underscores in the environment',
    env: { npm_config_strict_ssl: 'false', NPM_CONFIG_HTTPS_PROXY: 'http://proxy.example.com:3128' },
  },
  {
    name: 'another user file by the environment',
    project: HOST,
    env: { NPM_CONFIG_USERCONFIG: '<root>/ci.npmrc', NODE_AUTH_TOKEN: 'node' },
    files: { 'ci.npmrc': `${R}/:_authToken=\${NODE_AUTH_TOKEN}\n` },
  },
  {
    name: 'another user file by the project',
    project: `${HOST}\nuserconfig=<root>/ci.npmrc\n`,
    files: { 'ci.npmrc': `${R}/:_authToken=ci\n` },
  },
  {
    name: 'a prefix of the user',
    user: `prefix=~/.npm-global\n${HOST}\n`,
    files: { '../home/.npm-global/etc/npmrc': `${R}/:_authToken=global\n` },
  },
  {
    name: 'a global file of the user',
    user: `globalconfig=~/machine.npmrc\n${HOST}\n`,
    files: { '../home/machine.npmrc': `${R}/:_authToken=global\n` },
  },
  { name: 'strict-ssl off', ...login('strict-ssl=false') },
  { name: 'strict-ssl as a bare key', ...login('strict-ssl') },
  {
    name: 'a file of authorities',
    ...login('cafile=<root>/ca.pem'),
    files: { 'ca.pem': '-----BEGIN CERTIFICATE-----\nA\n-----END CERTIFICATE-----\n' },
  },
  { name: 'a file of authorities that is not there', ...login('cafile=<root>/none.pem') },
  {
    name: 'an authority in the file',
    ...login(String.raw`ca="-----BEGIN CERTIFICATE-----\nA\n-----END CERTIFICATE-----"`),
  },
  { name: 'a list of authorities', ...login('ca[]="one"\nca[]="two"') },
  {
    name: 'an authority of the project over the file of the user',
    project: 'ca="project"\n',
    user: 'cafile=<root>/ca.pem\n',
    files: { 'ca.pem': 'user' },
  },
  { name: 'a proxy', ...login('proxy=http://proxy.example.com:3128/') },
  { name: 'two proxies', ...login('proxy=http://a.example.com:1/\nhttps-proxy=http://b.example.com:2/') },
  { name: 'a proxy with a login', ...login('https-proxy=http://me:s%40fe@proxy.example.com:3128/') },
  { name: 'a proxy without a scheme', ...login('https-proxy=proxy.example.com:3128') },
  {
    name: 'a proxy that is switched off',
    project: 'proxy=false\nhttps-proxy=null\n',
    ...login('https-proxy=http://proxy.example.com:3128/'),
  },
  {
    name: 'exceptions from the proxy',
    ...login('proxy=http://proxy.example.com:3128/\nnoproxy=localhost,.example.org'),
  },
  { name: 'a list of exceptions', ...login('noproxy[]=a.example.com\nnoproxy[]=b.example.com') },
  { name: 'a registry that is no address', user: 'registry=npm.example.com\n', global: HOST },
  {
    name: 'a token that names no registry',
    user: `${HOST}\n_authToken=npm_abc\n`,
    differs: 'npm refuses to run; here it is no login, which is told where one is missing',
  },
  {
    name: 'much that is of no matter',
    project:
      'save-exact=true\nengine-strict=true\nlegacy-peer-deps=true\nauto-install-peers=true\nshamefully-hoist=true\nnode-linker=hoisted\nfund=false\n',
    ...login(`${R}/:_authToken=npm_abc`),
  },
]
