import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { FILES, IMPORTS, importsOf, isOurs, textOf, within } from './source-imports.ts'

const isNode = (path: string) => path.startsWith('node:')

/** What a part of the house may import; anything of ours that is not listed is a wrong arrow. */
interface Rule {
  readonly part: string
  readonly files: (path: string) => boolean
  readonly ours: (path: string) => boolean
  /** Packages; default any. */
  readonly packages?: (path: string) => boolean
  /** May it use Node's own modules? Default yes. */
  readonly node?: boolean
}

const PAGE_CONTRACT = within(
  'src/contract/payment-url.ts',
  'src/contract/states.ts',
  'src/contract/limits.ts',
  'src/contract/money.ts',
  'src/contract/canonical-json.ts',
)

const RULES: readonly Rule[] = [
  {
    part: 'contract sees itself and zod',
    files: within('src/contract/'),
    ours: within('src/contract/'),
    packages: within('zod'),
    node: false,
  },
  {
    part: "elements see themselves, Lit, and the contract's files that hold no zod",
    files: within('src/elements/'),
    ours: (path) => within('src/elements/')(path) || PAGE_CONTRACT(path),
    packages: within('lit', 'lit/'),
    node: false,
  },
  {
    part: 'bindings see the elements',
    files: within('src/bindings/'),
    ours: (path) => within('src/bindings/', 'src/elements/')(path) || PAGE_CONTRACT(path),
    packages: within('react', 'vue', 'lit', 'lit/'),
    node: false,
  },
  {
    part: 'the rules of the money see ports, never an adapter, HTTP or SQL',
    files: within('src/server/payments/'),
    ours: within(
      'src/server/payments/',
      'src/contract/',
      'src/server/store/port.ts',
      'src/server/gateways/port.ts',
      'src/server/clock.ts',
      'src/server/crash-points.ts',
      'src/server/problem-error.ts',
      'src/server/telemetry.ts',
    ),
    packages: () => false,
  },
  {
    part: 'stores see the database libraries and no rule of the money',
    files: within('src/server/store/'),
    ours: within(
      'src/server/store/',
      'src/contract/',
      'src/server/clock.ts',
      'src/server/problem-error.ts',
      'src/server/telemetry.ts',
    ),
    packages: within('kysely', 'kysely/', 'pg'),
  },
  {
    part: 'gateways see their port and no rule of the money',
    files: within('src/server/gateways/'),
    ours: within(
      'src/server/gateways/',
      'src/contract/',
      'src/server/clock.ts',
      'src/server/crash-points.ts',
      'src/server/telemetry.ts',
    ),
  },
  {
    part: "HTTP calls the payments' service",
    files: within('src/server/http/'),
    ours: within(
      'src/server/http/',
      'src/contract/',
      'src/server/payments/service.ts',
      'src/server/clock.ts',
      'src/server/problem-error.ts',
      'src/server/telemetry.ts',
    ),
  },
  {
    part: "the simulators see nothing but the contract's money",
    files: within('src/sandbox/'),
    ours: within('src/sandbox/', 'src/contract/money.ts'),
    packages: within('hono', 'hono/', '@hono/node-server', '@hono/node-server/'),
  },
  {
    part: 'the example is a customer of the kit, the simulator and the server-rendered elements',
    files: within('server-example/'),
    ours: within(
      'server-example/',
      'src/settings/',
      'src/server/',
      'src/sandbox/',
      'src/contract/',
      'src/elements/ssr.ts',
    ),
  },
  {
    part: 'the settings of a shop, which the example starts with and the command line looks at, see the kit',
    files: within('src/settings/'),
    ours: within('src/settings/', 'src/server/index.ts', 'src/contract/'),
    packages: within('zod'),
  },
]

function faultsOf(rule: Rule): string[] {
  return IMPORTS.filter(({ from }) => rule.files(from)).flatMap(({ from, to, typesOnly }) => {
    // A type leaves nothing behind in what a page loads.
    if (typesOnly && within('src/contract/')(to)) return []
    const allowed = isOurs(to) ? rule.ours(to) : isNode(to) ? rule.node !== false : (rule.packages?.(to) ?? true)
    return allowed ? [] : [`${from} imports ${to}`]
  })
}

describe('the house', () => {
  for (const rule of RULES) {
    test(rule.part, () => {
      assert.ok(FILES.some(rule.files), 'no file was looked at')
      assert.deepEqual(faultsOf(rule), [])
    })
  }

  test('every relative import names a file that exists, by its real ending', () => {
    const known = new Set(FILES)
    const broken = IMPORTS.filter(({ to }) => isOurs(to) && /\.(ts|tsx)$/.test(to) && !known.has(to))
    assert.deepEqual(broken, [])
    assert.deepEqual(
      IMPORTS.filter(({ from, to }) => isOurs(to) && from.startsWith('src/') && !/\.[a-z]+$/.test(to)),
      [],
    )
  })

  test('nobody but tests, the command line and the example imports the simulators', () => {
    const callers = IMPORTS.filter(({ to }) => to.startsWith('src/sandbox/')).map(({ from }) => from)
    assert.deepEqual(
      callers.filter((from) => !within('src/sandbox/', 'src/cli/', 'server-example/')(from)),
      [],
    )
  })

  test('only create-payments and the package entry bring stores, gateways, HTTP and rules together', () => {
    const parts = ['src/server/store/', 'src/server/gateways/', 'src/server/http/', 'src/server/payments/']
    const joiners = FILES.filter((file) => /^src\/server\/[^/]+$/.test(file)).filter((file) => {
      const seen = importsOf(file).filter(({ typesOnly }) => !typesOnly)
      return parts.filter((part) => seen.some(({ to }) => to.startsWith(part))).length > 1
    })
    assert.deepEqual(
      joiners.filter((file) => !/\/(create-payments|index)\.ts$/.test(file)),
      [],
    )
  })

  test('a file has at most 250 lines', () => {
    assert.deepEqual(
      FILES.map((file) => `${file}: ${textOf(file).split('\n').length - 1}`).filter(
        (line) => Number(line.split(': ')[1]) > 250,
      ),
      [],
    )
  })

  test('nothing writes to the console but the command line, the example, and warnings to developers in a page', () => {
    const speakers = FILES.filter((file) => /\bconsole\./.test(withoutComments(textOf(file))))
    const allowed = within('src/cli/', 'server-example/', 'demo/')
    assert.deepEqual(
      speakers.filter((file) => !allowed(file) && !(file.startsWith('src/elements/') && onlyWarns(file))),
      [],
    )
  })

  test('the rules of the money read no clock, no random number without a purpose, no setting and no network of their own', () => {
    const own =
      /\bDate\.now\(|\bnew Date\(\)|\bsetTimeout\(|\bsetInterval\(|\bMath\.random\(|\bprocess\.env\b|\bfetch\(/
    const users = FILES.filter(
      (file) => file.startsWith('src/server/payments/') && own.test(withoutComments(textOf(file))),
    )
    assert.deepEqual(users, [])
  })

  test('money is never a floating point number', () => {
    const floats = FILES.filter((file) => /\bparseFloat\(|\.toFixed\(/.test(withoutComments(textOf(file))))
    assert.deepEqual(
      floats.filter((file) => file.startsWith('src/')),
      [],
    )
  })
})

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '')
}

function onlyWarns(file: string): boolean {
  return [...withoutComments(textOf(file)).matchAll(/\bconsole\.(\w+)/g)].every(([, method]) => method === 'warn')
}
