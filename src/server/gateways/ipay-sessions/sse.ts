/** One server-sent event. */
export interface ServerSentEvent {
  readonly id: string | undefined
  readonly data: string
}

/** A line or event beyond this is not what a gateway sends. */
const MAX_EVENT_LENGTH = 65_536

/**
 * The events of a stream (HTML standard, 9.2), ended by the stream or by an event that is too large.
 * Comments, `event` and `retry` are read over: only what happened, and where to resume, counts here.
 */
export async function* serverSentEvents(body: AsyncIterable<Uint8Array>): AsyncGenerator<ServerSentEvent> {
  const decoder = new TextDecoder()
  let rest = ''
  let id: string | undefined
  let data: string[] = []
  for await (const chunk of body) {
    rest += decoder.decode(chunk, { stream: true })
    // A carriage return at the end may be half of a line's end.
    const lines = rest.split(/\r\n|\n|\r(?!$)/)
    rest = lines.pop() ?? ''
    if (rest.length > MAX_EVENT_LENGTH) return
    for (const line of lines) {
      const [, field, value = ''] = /^([^:]*)(?:: ?(.*))?$/s.exec(line) ?? []
      if (field === 'id' && !value.includes('\0')) id = value
      if (field === 'data') data.push(value)
      if (line !== '') continue
      if (data.length) yield { id, data: data.join('\n') }
      data = []
    }
    if (data.reduce((length, line) => length + line.length, 0) > MAX_EVENT_LENGTH) return
  }
}
