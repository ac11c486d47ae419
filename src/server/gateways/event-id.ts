import { createHash } from 'node:crypto'
import * as z from 'zod'

/** The gateway's own id of an event; one that is missing, or is none, counts as left out. */
export const EventId = z.string().min(1).max(128).optional().catch(undefined)

/** Stands for the id of an event that names none: the same event again has the same one. */
export const digestOf = (event: unknown): string => createHash('sha256').update(JSON.stringify(event)).digest('hex')
