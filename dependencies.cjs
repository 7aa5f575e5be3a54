// Who may use whom, read as "left may import right": the architecture as a checked file. `npm run check` applies it, and
// scripts/dependencies.test.ts plants a violation of each rule. docs/architecture.md tells why the house is built this way.

/** The domains of server/src/domains, each with the domains whose index.ts it may import. */
const domains = {
  audit: [],
  backup: ['audit'],
  controls: ['audit'],
  identity: ['audit'],
  policy: ['audit'],
  recording: ['audit'],
  inventory: ['identity', 'audit'],
  dependents: ['inventory', 'audit'],
  breakglass: ['access', 'inventory', 'audit'],
  vault: ['inventory', 'policy', 'audit'],
  access: ['identity', 'inventory', 'policy', 'audit'],
  rotation: ['vault', 'dependents', 'inventory', 'audit'],
  onboarding: ['rotation', 'inventory', 'audit'],
  session: ['access', 'vault', 'recording', 'inventory', 'identity', 'policy', 'audit'],
  retention: ['session', 'recording', 'audit'],
  analytics: ['session', 'recording', 'access', 'audit'],
  compliance: ['access', 'session', 'rotation', 'analytics', 'identity', 'inventory', 'audit'],
  secrets: ['vault', 'access', 'identity', 'policy', 'audit'],
}

const src = '^server/src/'
const ours = '^(server|cli|console|api)/'
/** Composition roots: each builds one process from its parts. They import everything and are imported by nobody else. */
const roots = `${src}(main\\.ts$|processes/)`
/**
 * What the rest of the house may see of the keeper: what can be asked and how, how a refusal looks, which columns are attested, how a
 * ledger entry and a policy question are written down. Nothing of it holds a key.
 */
const keeperFace = `${src}keeper/((contract|client|attest-rows|explain-keeper|ledger/entry|decide/question)\\.ts$|facts/(?!.*\\.store\\.ts$))`
/** What is never part of the product: tests, the lab, benchmarks, the house's own tools. */
const test = '\\.(test|types)\\.tsx?$|(^|/)test/|^(lab|bench|scripts)/|^vitest\\.config\\.ts$'
const rule = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to })

module.exports = {
  forbidden: [
    rule(
      'kernel-stands-alone',
      'kernel is plain values: it imports nothing of ours',
      { path: `${src}kernel/`, pathNot: test },
      { path: ours, pathNot: `${src}kernel/` },
    ),

    rule(
      'protocols-know-no-pam',
      'wire codecs can be fuzzed and reused: bytes in, messages out',
      { path: `${src}protocols/([^/]+)/` },
      { path: ours, pathNot: [`${src}kernel/`, `${src}protocols/$1/`] },
    ),

    rule(
      'platform-knows-no-domain',
      'machinery does not know what it carries: it may use the kernel, the wire codecs and the contract of the API',
      { path: `${src}platform/`, pathNot: test },
      { path: '^(server|cli|console)/', pathNot: `${src}(kernel|platform|protocols)/` },
    ),

    rule(
      'a-kind-meets-us-at-the-contract',
      'a target kind is deletable: one folder and one registry line',
      { path: `${src}targets/([^/]+)/`, pathNot: test },
      {
        path: ours,
        pathNot: [
          `${src}kernel/`,
          `${src}protocols/`,
          `${src}platform/(ssh|tls|postgres-client|mysql-client|ldap)/index\\.ts$`,
          `${src}targets/contract\\.ts$`,
          `${src}targets/$1/`,
        ],
      },
    ),

    rule(
      'an-integration-meets-us-at-the-contract',
      'an integration is deletable: one folder and one registry line; it reaches the network through the platform',
      { path: `${src}integrations/([^/]+)/`, pathNot: test },
      { path: ours, pathNot: [`${src}(kernel|protocols|platform)/`, `${src}integrations/contract\\.ts$`, `${src}integrations/$1/`] },
    ),

    rule(
      'a-gateway-meets-us-at-the-contract',
      'a gateway carries bytes for a session host that it is handed; it knows no domain and no kind of target. What every door has is in gateways/door',
      { path: `${src}gateways/([^/]+)/`, pathNot: test },
      {
        path: ours,
        pathNot: [`${src}(kernel|protocols|platform)/`, `${src}(gateways|targets)/contract\\.ts$`, `${src}gateways/(door|$1)/`],
      },
    ),

    rule(
      'domains-do-not-name-kinds',
      'domains ask for a capability, never for postgres or for ssh: of targets, gateways and integrations they see the contract',
      { path: `${src}domains/`, pathNot: test },
      { path: `${src}(targets|gateways|integrations)/`, pathNot: `${src}(targets|gateways|integrations)/contract\\.ts$` },
    ),

    rule(
      'only-roots-list-kinds',
      'the registry is wired in one place',
      { path: src, pathNot: [roots, `${src}targets/registry\\.ts$`, test] },
      { path: `${src}(targets|integrations)/registry\\.ts$` },
    ),

    rule(
      'enter-a-domain-by-its-index',
      'everything but index.ts is private to the domain',
      { path: `${src}domains/([^/]+)/`, pathNot: test },
      { path: `${src}domains/[^/]+/`, pathNot: [`${src}domains/$1/`, `${src}domains/[^/]+/index\\.ts$`] },
    ),

    rule(
      'roots-enter-by-index',
      'the composition roots use the same door as everyone',
      { path: roots, pathNot: test },
      { path: `${src}domains/`, pathNot: `${src}domains/[^/]+/index\\.ts$` },
    ),

    rule(
      'nobody-imports-a-root',
      'a composition root builds from parts and is no part itself',
      { path: ours, pathNot: [roots, test] },
      { path: roots },
    ),

    ...Object.entries(domains).map(([name, mayUse]) =>
      rule(
        `${name}-uses-only-what-it-declares`,
        `dependencies.cjs lists: ${mayUse.join(', ') || 'nothing'}`,
        { path: `${src}domains/${name}/`, pathNot: test },
        { path: `${src}domains/`, pathNot: `${src}domains/(${[name, ...mayUse].join('|')})/` },
      ),
    ),

    rule(
      'every-domain-is-declared',
      'a new domain says in dependencies.cjs what it may use',
      { path: `${src}domains/`, pathNot: [`${src}domains/(${Object.keys(domains).join('|')})/`, test] },
      { path: '.' },
    ),

    rule(
      'rules-are-pure',
      'rules.ts decides; it reads no clock, database or network',
      { path: `${src}domains/([^/]+)/rules\\.ts$` },
      { path: '.', pathNot: [`${src}kernel/`, `${src}domains/$1/(rules|errors)\\.ts$`] },
    ),

    rule(
      'keeper-stands-apart',
      'the process that holds the keys knows no door, no target and no domain but the policy, which it decides again by itself',
      { path: `${src}keeper/`, pathNot: test },
      { path: ours, pathNot: [`${src}(kernel|platform|protocols|keeper)/`, `${src}domains/policy/index\\.ts$`] },
    ),

    rule(
      'ask-the-keeper-by-its-contract',
      'others see the face of the keeper, listed above; what is behind the socket stays there',
      { path: ours, pathNot: [`${src}keeper/`, roots, test] },
      { path: `${src}keeper/`, pathNot: keeperFace },
    ),

    rule(
      'ciphers-in-one-place',
      'sealing, hashing and random bytes go through platform/crypto, where they are reviewed',
      { path: src, pathNot: [`${src}platform/crypto/`, `${src}protocols/`, test] },
      { path: '^(node:)?crypto$' },
    ),

    rule(
      'sockets-at-the-edge',
      'listeners are in gateways and platform, everything outgoing goes through the dialer in platform; a type carries no bytes',
      { path: src, pathNot: [`${src}(platform|gateways)/`, test] },
      { path: '^(node:)?(net|tls|dgram|http2?|https)$', dependencyTypesNot: ['type-only', 'type-import'] },
    ),

    rule(
      'sql-lives-in-stores',
      'look for a query in *.store.ts (writes) or *.view.ts (reads for a screen); the type of a connection may be passed through',
      { path: src, pathNot: [`\\.(store|view)\\.ts$`, `${src}(platform|targets)/`, test] },
      { path: 'node_modules/(kysely|pg)/', dependencyTypesNot: ['type-only', 'type-import'] },
    ),

    rule(
      'http-lives-in-routes',
      'use cases do not know they are called over HTTP',
      { path: src, pathNot: [`\\.routes\\.ts$`, `${src}platform/`, roots, test] },
      { path: 'node_modules/(fastify|@fastify|fastify-type-provider-zod)/' },
    ),

    rule(
      'a-kind-has-one-client',
      "a target kind's own client.ts speaks to the target: look there for how it logs in and what it pins",
      { path: `${src}targets/`, pathNot: [`${src}targets/[^/]+/client\\.ts$`, test] },
      { path: 'node_modules/(pg|kysely|ssh2|mysql2|ioredis)/' },
    ),

    rule(
      'ldap-in-one-place',
      'ldapts is used by the one client in platform, which hands it a connection that has proven itself: by itself it would open others',
      { path: src, pathNot: [`${src}platform/ldap/client\\.ts$`, test] },
      { path: 'node_modules/ldapts/' },
    ),

    rule(
      'ssh-in-two-places',
      'ssh2 is used by the SSH gateway and by the one client in platform; a second place would be a second set of algorithms',
      { path: src, pathNot: [`${src}gateways/ssh/`, `${src}platform/ssh/`, `${src}targets/[^/]+/client\\.ts$`, test] },
      { path: 'node_modules/(@types/)?ssh2/' },
    ),

    rule(
      'api-stands-alone',
      'the contract that server, console and cli share depends on none of them',
      { path: '^api/', pathNot: test },
      { path: '^(server|cli|console|lab)/' },
    ),

    rule(
      'clients-speak-the-api',
      'console and cli share the api package with the server, and nothing else',
      { path: '^(console|cli)/', pathNot: test },
      { path: '^(server|console|cli)/', pathNot: '^$1/' },
    ),

    rule(
      'no-test-code-in-the-product',
      'tests, the lab and the tools are not shipped',
      { path: ours, pathNot: [roots, test] },
      { path: test },
    ),

    rule('no-import-into-nowhere', 'an import that is not found hides what it leads to', {}, { couldNotResolve: true }),

    rule('no-cycles', 'what goes round cannot be read in an order', {}, { circular: true }),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    // anchored: packages in node_modules have a dist/ too, and an excluded one could be imported from anywhere unseen
    exclude: { path: '^(console/dist|dist|data|\\.bootstrap)/' },
    tsPreCompilationDeps: true,
    // without these, an import of another workspace by its package name is not seen
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default'] },
  },
}
