import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { PROGRAMS, ROOT } from '../../scripts/run.mjs'

const folder = mkdtempSync(join(tmpdir(), 'consumer-'))
after(() => rmSync(folder, { recursive: true }))

/** A program that has installed the package: its built files, and the packages that they and their types need. */
const NEEDED = ['react', 'vue', '@types']
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
  writeFileSync(join(folder, 'program.ts'), program)
  const options = {
    ...{ target: 'es2023', module: 'nodenext', lib: ['es2023', 'dom', 'dom.iterable'], types: ['node'] },
    ...{ strict: true, noEmit: true, skipLibCheck: false },
  }
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions: options, files: ['program.ts'] }))
  const { stdout } = spawnSync(process.execPath, [ROOT + PROGRAMS.tsc, '-p', folder, '--pretty', 'false'], {
    cwd: folder,
    encoding: 'utf8',
  })
  // What other packages' types lack among themselves is theirs.
  assert.deepEqual(
    stdout.split('\n').filter((line) => /error/.test(line) && !/^[^(]*node_modules\/(?!pay-with-ipay)/.test(line)),
    [],
  )
})
