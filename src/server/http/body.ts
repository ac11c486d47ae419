import { MAX_BODY_BYTES } from '../../contract/limits.ts'
import type { Clock } from '../clock.ts'
import { ProblemError } from '../problem-error.ts'
import { BODY_MS, withDeadline } from './deadline.ts'

/**
 * The raw bytes of a request's body, at most `MAX_BODY_BYTES`. They are counted as they arrive, because the declared
 * length may lie; a declared length over the limit is refused at once.
 * @throws ProblemError `too-large`, `invalid-request` for a body that breaks off or takes longer than 10 s, or `internal` for
 * one that the shop's own server has read before
 */
export async function readBytes(request: Request, clock: Clock): Promise<Uint8Array> {
  const declared = Number(request.headers.get('content-length') ?? 0)
  if (declared > MAX_BODY_BYTES) throw new ProblemError('too-large')
  if (request.bodyUsed || request.body?.locked) throw readBefore()
  const bytes = request.body ? await read(request.body, clock) : new Uint8Array()
  // No connection brings less than it declared: whoever read the bytes left an empty body behind.
  if (bytes.length === 0 && declared > 0) throw readBefore()
  return bytes
}

const readBefore = () =>
  new ProblemError(
    'internal',
    'the body was already read: mount the kit before body parsers, or hand on an unread request',
  )

async function read(body: ReadableStream<Uint8Array>, clock: Clock): Promise<Uint8Array> {
  const reader = body.getReader()
  const slow = () => new ProblemError('invalid-request', 'the body did not arrive in time')
  try {
    return await withDeadline(clock, BODY_MS, collect(reader), slow)
  } catch (error) {
    // Not awaited: a stuck source may never answer, and nobody needs its answer.
    reader.cancel().catch(() => {})
    throw error
  }
}

async function collect(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let size = 0
  for (;;) {
    const { done, value } = await next(reader)
    if (done) break
    size += value.byteLength
    if (size > MAX_BODY_BYTES) throw new ProblemError('too-large')
    chunks.push(value)
  }
  const bytes = new Uint8Array(size)
  let offset = 0
  for (const chunk of chunks) {
    bytes.set(chunk, offset)
    offset += chunk.byteLength
  }
  return bytes
}

async function next(reader: ReadableStreamDefaultReader<Uint8Array>) {
  try {
    return await reader.read()
  } catch (cause) {
    throw new ProblemError('invalid-request', 'the body broke off', {}, cause)
  }
}

/**
 * Bytes as text; a byte order mark is dropped.
 * @throws ProblemError `invalid-request` when they are not UTF-8.
 */
export function utf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw new ProblemError('invalid-request', 'the body is not UTF-8')
  }
}
