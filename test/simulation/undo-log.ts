/** Writes to tables in memory that can be taken back together, as a transaction's are. */
export interface UndoLog {
  put<K, V>(table: Map<K, V>, key: K, value: V): void
  /** False when there is no such row. */
  change<K, V extends object>(table: Map<K, V>, key: K, changes: Partial<V>): boolean
  /** Writes a row whose id is new; false when there is one. */
  add<K, V>(table: Map<K, V>, key: K, value: V): boolean
  remove<K, V>(table: Map<K, V>, key: K, value: V): void
  append<V>(list: V[], value: V): void
  /** What was written so far stays. */
  keep(): void
  /** Everything since `keep` is as it was. */
  takeBack(): void
}

export function undoLog(): UndoLog {
  let undos: (() => void)[] = []

  function put<K, V>(table: Map<K, V>, key: K, value: V): void {
    const before = table.get(key)
    undos.push(() => (before === undefined ? table.delete(key) : table.set(key, before)))
    table.set(key, value)
  }
  return {
    put,
    change(table, key, changes) {
      const row = table.get(key)
      if (row) put(table, key, { ...row, ...changes })
      return row !== undefined
    },
    add(table, key, value) {
      if (table.has(key)) return false
      put(table, key, value)
      return true
    },
    remove(table, key, value) {
      undos.push(() => table.set(key, value))
      table.delete(key)
    },
    append(list, value) {
      undos.push(() => list.pop())
      list.push(value)
    },
    keep() {
      undos = []
    },
    takeBack() {
      for (const undo of undos.reverse()) undo()
      undos = []
    },
  }
}
