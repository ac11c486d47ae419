import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { PROGRAMS, ROOT } from '../../scripts/run.mjs'

const folder = mkdtempSync(join(tmpdir(), 'consumer-'))
after(() => rmSync(folder, { recursive: true }))

/** A program that has installed the package: its built files, and the packages that they and their types need. */
const NEEDED = ['react', 'vue', '@types', 'hono', '@hono']
mkdirSync(join(folder, 'node_modules'))
symlinkSync(ROOT, join(folder, 'node_modules/pay-with-ipay'))
for (const name of NEEDED) symlinkSync(join(ROOT, 'node_modules', name), join(folder, 'node_modules', name))
writeFileSync(join(folder, 'package.json'), '{"type":"module"}')

const ENTRIES = ['', '/define', '/contract', '/server', '/sandbox', '/ssr', '/react', '/vue']

for (const entry of ENTRIES) {
  test(`pay-with-ipay${entry} can be imported in Node`, () => {
    const code = `const all = await import('pay-with-ipay${entry}'); console.log(Object.keys(all).length)`
    const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', code], {
      cwd: folder,
      encoding: 'utf8',
    })
    assert.equal(stderr, '')
    // Only what registers the elements has nothing to give.
    assert.equal(Number(stdout) > 0, entry !== '/define', stdout)
  })
}

test('the types of every entry hold for a program that checks its libraries too', () => {
  const program = `${ENTRIES.map((entry, i) => `import * as e${i} from 'pay-with-ipay${entry}'`).join('\n')}
    import { bdt, createPayments, ipayGateway, openStore } from 'pay-with-ipay/server'
    const button = document.createElement('ipay-button')
    button.order = { cart: 'c_1' }
    button.addEventListener('ipay-paid', (event) => { const state: string | undefined = event.payment?.state; void state })
    export const payments = createPayments({
      gateway: ipayGateway({ environment: 'production', apiKey: () => '' }),
      store: await openStore('file::memory:'),
      endpoint: new URL('https://shop.example/ipay/orders'),
      price: async () => ({ purchaseId: 'c_1', amount: bdt('1250.00'), description: 'Two mugs' }),
      onPaid: async (payment) => { const id: string = payment.purchaseId; void id },
    })
    export const all = [${ENTRIES.map((_, i) => `e${i}`).join(', ')}]`
  assert.deepEqual(faultsOf({ 'program.ts': program }), [])
})

test('the samples of docs/integrating.md hold in strict TypeScript, as far as what they mount on is installed here', () => {
  const text = readFileSync(join(ROOT, 'docs/integrating.md'), 'utf8')
  const blocks = [...text.matchAll(/^```ts\n(.*?)^```/gms)].map(([, code = '']) => code)
  const sample = (mark: string) => blocks.find((code) => code.includes(mark)) ?? assert.fail(`no sample has ${mark}`)
  const shop = `declare function readSecret(name: string): string
    declare function session(request: Request): object
    declare function cartOf(buyer: object, id: string): Promise<{ id: string; total: string; title: string } | undefined>
    declare function ship(id: string): Promise<void>
    ${sample('createPayments(')}
    export { payments, telemetry }`
  const mounted = "import { payments, telemetry } from './shop.js'\n"
  assert.deepEqual(
    faultsOf({
      'shop.ts': shop,
      'on-hono.ts': mounted + sample('getConnInfo'),
      'on-node.ts': `import { createServer } from 'node:http'\n${mounted}${sample('getRequestListener(')}${sample('createServer(')}`,
      'on-next.ts': mounted + sample('export { pay as'),
    }),
    [],
  )
})

/** What the compiler says about a program of these files. */
function faultsOf(files: Readonly<Record<string, string>>): string[] {
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
  const options = {
    ...{ target: 'es2023', module: 'nodenext', lib: ['es2023', 'dom', 'dom.iterable'], types: ['node'] },
    ...{ strict: true, noEmit: true, skipLibCheck: false },
  }
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions: options, files: Object.keys(files) }))
  const { stdout } = spawnSync(process.execPath, [ROOT + PROGRAMS.tsc, '-p', folder, '--pretty', 'false'], {
    cwd: folder,
    encoding: 'utf8',
  })
  // What other packages' types lack among themselves is theirs.
  return stdout.split('\n').filter((line) => /error/.test(line) && !/^[^(]*node_modules\/(?!pay-with-ipay)/.test(line))
}
