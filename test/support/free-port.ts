import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:net'

/** Below the ports that systems give to outgoing connections (Linux: from 32768), and none that browsers refuse. */
const FIRST = 20_000
const LAST = 32_000

/**
 * A port on 127.0.0.1 that nobody listens on right now. Not one that the system chose: until the program that it is meant for
 * listens, the system may give the same one to somebody's outgoing connection.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(FIRST, LAST)
    const server = createServer()
    const isFree = await Promise.race([
      once(server.listen(port, '127.0.0.1'), 'listening').then(() => true),
      once(server, 'error').then(() => false),
    ]).catch(() => false)
    if (!isFree) continue
    server.close()
    await once(server, 'close')
    return port
  }
}
