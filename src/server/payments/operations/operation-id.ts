import { createHash } from 'node:crypto'
import type { OperationRow } from '../../store/port.ts'
import type { OperationKind } from './operation.ts'

/** The stem that every try of one wish shares: a digest of what is to be done, so that a second click is the same wish. */
const stemOf = (kind: OperationKind, what: readonly (string | number)[]): string =>
  `${kind}_${createHash('sha256').update(JSON.stringify(what)).digest('hex').slice(0, 40)}`

/**
 * The row that stands for a wish already, or the id of the row to write. A refused try moved nothing, so that the next one
 * is a new question to the gateway under a new number.
 */
export function findOperation(
  rows: readonly OperationRow[],
  kind: OperationKind,
  what: readonly (string | number)[],
): { readonly row: OperationRow } | { readonly id: string } {
  const stem = stemOf(kind, what)
  const tries = rows.filter(({ id }) => id === stem || id.startsWith(`${stem}-`))
  const row = tries.find(({ state }) => state !== 'refused')
  if (row) return { row }
  return { id: tries.length ? `${stem}-${tries.length + 1}` : stem }
}
