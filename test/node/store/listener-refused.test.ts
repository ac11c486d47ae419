import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import { test } from 'node:test'
import { listenForChanges } from '../../../src/server/store/postgres-listener.ts'
import { until } from '../../support/until.ts'

/** One message of PostgreSQL's protocol: its letter, its length, what is in it. */
function message(letter: string, ...parts: (string | readonly number[])[]): Buffer {
  const body = Buffer.concat(parts.map((part) => Buffer.from(part as string)))
  const length = Buffer.alloc(4)
  length.writeUInt32BE(body.length + 4)
  return Buffer.concat([Buffer.from(letter), length, body])
}
const LOGGED_IN = Buffer.concat([message('R', [0, 0, 0, 0]), message('Z', 'I')])
const REFUSED = Buffer.concat([
  message('E', 'SERROR\0C25006\0Mcannot execute LISTEN during recovery\0\0'),
  message('Z', 'I'),
])

test('F11: a server that takes connections and no LISTEN, as a standby does, is left with one connection at a time', async (t) => {
  const open = new Set<Socket>()
  let most = 0
  let asked = 0
  const standby = createServer((socket) => {
    open.add(socket)
    most = Math.max(most, open.size)
    socket.on('close', () => open.delete(socket))
    socket.on('error', () => {})
    socket.once('data', () => {
      socket.write(LOGGED_IN)
      socket.on('data', (data) => {
        if (data.toString('latin1', 0, 1) !== 'Q') return
        asked += 1
        socket.write(REFUSED)
      })
    })
  })
  t.after(() => {
    for (const socket of open) socket.destroy()
    standby.close()
  })
  standby.listen(0, '127.0.0.1')
  await once(standby, 'listening')
  const address = standby.address()
  assert.ok(address !== null && typeof address === 'object')
  const listener = listenForChanges(`postgres://u@127.0.0.1:${address.port}/db?sslmode=disable`, 'changes', () => {})
  await until('three tries', () => asked >= 3)
  await listener.stop()
  assert.equal(most, 1)
  await until('no connection', () => open.size === 0)
})
