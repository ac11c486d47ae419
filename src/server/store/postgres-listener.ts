/** A LISTEN connection that comes back by itself. */
export interface ChangeListener {
  stop(): Promise<void>
}

const RECONNECT_MS = 500

/**
 * Calls `tell` with the payload of each notification on `channel`. A terminated LISTEN connection stays silent for ever,
 * so it is opened again after a pause; what was missed meanwhile is found by the readers' own polling.
 */
export function listenForChanges(url: string, channel: string, tell: (payload: string) => void): ChangeListener {
  let stopped = false
  let end: () => Promise<void> = async () => {}
  let timer: NodeJS.Timeout | undefined

  const again = () => {
    clearTimeout(timer)
    if (!stopped) timer = setTimeout(connect, RECONNECT_MS).unref()
  }
  async function connect() {
    const { default: pg } = await import('pg')
    const client = new pg.Client({ connectionString: url, keepAlive: true })
    end = () => client.end().catch(() => {})
    client.on('error', again)
    client.on('end', again)
    client.on('notification', (message) => {
      if (message.payload) tell(message.payload)
    })
    try {
      await client.connect()
      await client.query(`listen ${channel}`)
      if (stopped) await end()
    } catch {
      // A server that takes the connection and no LISTEN, as a standby does, would collect one for each try.
      void client.end().catch(() => {})
      again()
    }
  }
  void connect()
  return {
    async stop() {
      stopped = true
      clearTimeout(timer)
      await end()
    },
  }
}
