/**
 * Does the work while every object has these members, as after some other package merged a stranger's JSON, and takes them
 * away again however it ends. They are not listed by `for … in`, over which other packages would break first.
 */
export async function polluted<T>(members: Readonly<Record<string, unknown>>, work: () => T | Promise<T>): Promise<T> {
  for (const [name, value] of Object.entries(members)) {
    Object.defineProperty(Object.prototype, name, { value, configurable: true, enumerable: false, writable: true })
  }
  try {
    return await work()
  } finally {
    for (const name of Object.keys(members)) Reflect.deleteProperty(Object.prototype, name)
  }
}
