/** A header as a registry, or what stands in front of it, sends it; several headers are joined as HTTP joins them. */
export interface ChallengeSample {
  readonly from: string
  readonly header: string
  /** `bearer REALM SERVICE` and `basic`, the preferred first. */
  readonly offers: readonly string[]
}

function sample(from: string, header: string | readonly string[], ...offers: readonly string[]): ChallengeSample {
  return { from, header: typeof header === 'string' ? header : header.join(', '), offers }
}

export const CHALLENGES: readonly ChallengeSample[] = [
  // As registries send them.
  sample(
    'Docker Hub',
    'Bearer realm="https://auth.docker.io/token",service="registry.docker.io",scope="repository:library/busybox:pull"',
    'bearer https://auth.docker.io/token registry.docker.io',
  ),
  sample(
    'Docker Hub, no scope',
    'Bearer realm="https://auth.docker.io/token",service="registry.docker.io"',
    'bearer https://auth.docker.io/token registry.docker.io',
  ),
  sample(
    'GHCR',
    'Bearer realm="https://ghcr.io/token",service="ghcr.io",scope="repository:user/image:pull"',
    'bearer https://ghcr.io/token ghcr.io',
  ),
  sample('Quay', 'Bearer realm="https://quay.io/v2/auth",service="quay.io"', 'bearer https://quay.io/v2/auth quay.io'),
  sample(
    'GitLab.com',
    'Bearer realm="https://gitlab.com/jwt/auth",service="container_registry"',
    'bearer https://gitlab.com/jwt/auth container_registry',
  ),
  sample(
    'GitLab, token that is too narrow',
    'Bearer realm="https://gitlab.example.com/jwt/auth",service="container_registry",scope="repository:a/b:pull",error="insufficient_scope"',
    'bearer https://gitlab.example.com/jwt/auth container_registry',
  ),
  sample(
    'ECR',
    'Basic realm="https://123456789012.dkr.ecr.eu-west-1.amazonaws.com/",service="ecr.amazonaws.com"',
    'basic',
  ),
  sample(
    'ECR public',
    'Bearer realm="https://public.ecr.aws/token/",service="public.ecr.aws",scope="aws"',
    'bearer https://public.ecr.aws/token/ public.ecr.aws',
  ),
  sample(
    'ACR',
    'Bearer realm="https://myapp.azurecr.io/oauth2/token",service="myapp.azurecr.io"',
    'bearer https://myapp.azurecr.io/oauth2/token myapp.azurecr.io',
  ),
  sample(
    'ACR, both in one',
    'Bearer realm="https://myapp.azurecr.io/oauth2/token",service="myapp.azurecr.io", Basic realm="https://myapp.azurecr.io"',
    'bearer https://myapp.azurecr.io/oauth2/token myapp.azurecr.io',
    'basic',
  ),
  sample('GCR', 'Bearer realm="https://gcr.io/v2/token",service="gcr.io"', 'bearer https://gcr.io/v2/token gcr.io'),
  sample(
    'Artifact Registry',
    'Bearer realm="https://europe-docker.pkg.dev/v2/token",service="europe-docker.pkg.dev",scope="repository:p/r/i:pull,push"',
    'bearer https://europe-docker.pkg.dev/v2/token europe-docker.pkg.dev',
  ),
  sample(
    'Harbor',
    'Bearer realm="https://harbor.example.com/service/token",service="harbor-registry",scope="repository:library/app:pull"',
    'bearer https://harbor.example.com/service/token harbor-registry',
  ),
  sample(
    'Harbor behind a proxy of its own',
    ['Bearer realm="https://harbor.example.com/service/token",service="harbor-registry"', 'Basic realm="harbor"'],
    'bearer https://harbor.example.com/service/token harbor-registry',
    'basic',
  ),
  sample(
    'Gitea',
    [
      'Bearer realm="https://gitea.example.com/v2/token",service="container_registry",scope="*"',
      'Basic realm="Gitea Container Registry"',
    ],
    'bearer https://gitea.example.com/v2/token container_registry',
    'basic',
  ),
  sample(
    'Forgejo, the other order',
    [
      'Basic realm="Forgejo Container Registry"',
      'Bearer realm="https://codeberg.org/v2/token",service="container_registry",scope="*"',
    ],
    'bearer https://codeberg.org/v2/token container_registry',
    'basic',
  ),
  sample(
    'Artifactory',
    'Bearer realm="https://acme.jfrog.io/artifactory/api/docker/docker-local/v2/token",service="acme.jfrog.io"',
    'bearer https://acme.jfrog.io/artifactory/api/docker/docker-local/v2/token acme.jfrog.io',
  ),
  sample('Artifactory with Basic', 'Basic realm="Artifactory Realm"', 'basic'),
  sample('Nexus', 'BASIC realm="Sonatype Nexus Repository Manager"', 'basic'),
  sample(
    'Nexus with tokens',
    'Bearer realm="https://nexus.example.com/v2/token",service="https://nexus.example.com/v2/token"',
    'bearer https://nexus.example.com/v2/token https://nexus.example.com/v2/token',
  ),
  sample('Distribution with htpasswd', 'Basic realm="Registry Realm"', 'basic'),
  sample(
    'Distribution with tokens',
    'Bearer realm="http://127.0.0.1:5001/token",service="test-registry",scope="repository:team/app:pull,push"',
    'bearer http://127.0.0.1:5001/token test-registry',
  ),
  sample('zot', 'Basic realm="Authorization Required"', 'basic'),
  sample(
    'zot, both',
    'bearer realm="https://zot.example.com/auth/token",service="zot.example.com",scope=""',
    'bearer https://zot.example.com/auth/token zot.example.com',
  ),
  sample(
    'DigitalOcean',
    'Bearer realm="https://api.digitalocean.com/v2/registry/auth",service="registry.digitalocean.com"',
    'bearer https://api.digitalocean.com/v2/registry/auth registry.digitalocean.com',
  ),
  sample(
    'IBM',
    'Bearer realm="https://icr.io/oauth/token",service="registry"',
    'bearer https://icr.io/oauth/token registry',
  ),
  sample(
    'Pulp',
    'Bearer realm="https://pulp.example.com/token/",service="pulp.example.com",scope="repository:app:pull"',
    'bearer https://pulp.example.com/token/ pulp.example.com',
  ),
  sample('nginx with auth_basic', 'Basic realm="Restricted"', 'basic'),
  sample('Apache', 'Basic realm="Private registry"', 'basic'),
  sample('Traefik', 'Basic realm="traefik"', 'basic'),
  sample('Caddy', 'Basic realm="restricted"', 'basic'),
  // As the grammar allows them.
  sample('no quotes', 'Bearer realm=https://a.example/token,service=r', 'bearer https://a.example/token r'),
  sample(
    'no quotes, a query',
    'Bearer realm=https://a.example/token?x=y,service=r',
    'bearer https://a.example/token?x=y r',
  ),
  sample('no quotes, Basic', 'Basic realm=registry', 'basic'),
  sample('lower case', 'bearer realm="https://a.example/token",service="r"', 'bearer https://a.example/token r'),
  sample('upper case', 'BEARER REALM="https://a.example/token",SERVICE="r"', 'bearer https://a.example/token r'),
  sample(
    'another order',
    'Bearer service="r",scope="repository:a:pull",realm="https://a.example/token"',
    'bearer https://a.example/token r',
  ),
  sample(
    'space around everything',
    'Bearer   realm = "https://a.example/token" ,  service = "r"',
    'bearer https://a.example/token r',
  ),
  sample('tabs', 'Bearer\trealm="https://a.example/token",\tservice="r"', 'bearer https://a.example/token r'),
  sample(
    'empty list members',
    ', ,Bearer realm="https://a.example/token",,service="r",',
    'bearer https://a.example/token r',
  ),
  sample(
    'escaped quotes',
    'Basic realm="the \\"best\\" registry", Bearer realm="https://a.example/token",service="r"',
    'bearer https://a.example/token r',
    'basic',
  ),
  sample(
    'an escaped letter',
    'Bearer realm="https://a.example\\/token",service="r"',
    'bearer https://a.example/token r',
  ),
  sample(
    'a comma in quotes',
    'Basic realm="a, Bearer realm=x", Bearer realm="https://a.example/token",service="r"',
    'bearer https://a.example/token r',
    'basic',
  ),
  sample(
    'an equals sign in quotes',
    'Basic realm="a=b", Bearer realm="https://a.example/token",service="r"',
    'bearer https://a.example/token r',
    'basic',
  ),
  sample('no service', 'Bearer realm="https://a.example/token"', 'bearer https://a.example/token '),
  sample('an empty service', 'Bearer realm="https://a.example/token",service=""', 'bearer https://a.example/token '),
  sample('Basic with a charset', 'Basic realm="r", charset="UTF-8"', 'basic'),
  sample('Basic without a realm', 'Basic', 'basic'),
  sample(
    'Negotiate first',
    'Negotiate, Bearer realm="https://a.example/token",service="r"',
    'bearer https://a.example/token r',
  ),
  sample('Negotiate with a token', 'Negotiate YIIGhgYGKwYBBQUCoIIGejCC+/a==, Basic realm="r"', 'basic'),
  sample('Negotiate and NTLM', ['Negotiate', 'NTLM', 'Basic realm="proxy"'], 'basic'),
  sample('Digest before Basic', 'Digest realm="r", nonce="abc/+=", qop="auth,auth-int", Basic realm="r"', 'basic'),
  sample(
    'two of Bearer',
    'Bearer realm="https://a.example/token",service="a", Bearer realm="https://b.example/token",service="b"',
    'bearer https://a.example/token a',
    'bearer https://b.example/token b',
  ),
  sample(
    'a parameter twice',
    'Bearer realm="https://a.example/token",realm="https://b.example/token",service="r"',
    'bearer https://a.example/token r',
  ),
  sample(
    'a parameter nobody knows',
    'Bearer realm="https://a.example/token",service="r",x-hint="y"',
    'bearer https://a.example/token r',
  ),
  // As they come all the same.
  sample(
    'a scope without quotes',
    'Bearer realm="https://a.example/token",scope=repository:app:pull,push,service="r"',
    'bearer https://a.example/token r',
  ),
  sample(
    'spaces instead of commas',
    'Bearer realm="https://a.example/token" service="r"',
    'bearer https://a.example/token r',
  ),
  sample(
    'a quote that is never closed',
    'Bearer service="r",realm="https://a.example/token',
    'bearer https://a.example/token r',
  ),
  sample('an empty realm', 'Bearer realm="",service="r", Basic realm="r"', 'bearer  r', 'basic'),
  sample('Bearer alone', 'Bearer', 'bearer  '),
  sample('what is no header', '"\u0000";;=, Basic realm="r"', 'basic'),
  sample('a scheme nobody knows', 'AWS4-HMAC-SHA256 Credential=x'),
  sample('nothing', ''),
  sample('commas', ',,, ,'),
]
