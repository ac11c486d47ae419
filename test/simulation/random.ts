/** Randomness that a seed decides entirely. */
export interface Dice {
  /** At least 0, below 1. */
  next(): number
  /** A whole number from `from` to `to`, both included. */
  int(from: number, to: number): number
  /** True once in 1 / `probability`. */
  chance(probability: number): boolean
  pick<T>(list: readonly T[]): T
  /** One of the names, by their weights. */
  weighted<K extends string>(weights: Readonly<Record<K, number>>): K
  bytes(length: number): Uint8Array
  /** Other dice, decided by these and a name, so that one consumer more does not change what the others get. */
  fork(name: string): Dice
}

/** sfc32 of a seed: small, quick, and good enough to pick misfortunes by. */
export function diceOf(seed: number, name = ''): Dice {
  let a = seed >>> 0
  let b = (seed / 2 ** 32) >>> 0
  let c = hashOf(name)
  let counter = 1
  const word = () => {
    const result = (a + b + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (((c << 21) | (c >>> 11)) + result) | 0
    return result >>> 0
  }
  for (let i = 0; i < 12; i++) word()

  const next = () => word() / 2 ** 32
  const int = (from: number, to: number) => from + Math.floor(next() * (to - from + 1))
  return {
    next,
    int,
    chance: (probability) => next() < probability,
    pick(list) {
      const chosen = list[int(0, list.length - 1)]
      if (chosen === undefined) throw new Error('there is nothing to pick from')
      return chosen
    },
    weighted<K extends string>(weights: Readonly<Record<K, number>>): K {
      const names = Object.keys(weights) as K[]
      let at = next() * names.reduce((sum, key) => sum + weights[key], 0)
      for (const key of names) {
        at -= weights[key]
        if (at < 0) return key
      }
      return names[names.length - 1] as K
    },
    bytes(length) {
      return Uint8Array.from({ length }, () => word() & 255)
    },
    fork: (forkName) => diceOf(word() + word() * 2 ** 32, forkName),
  }
}

/** FNV-1a of a text, 32 bits. */
export function hashOf(text: string, from = 0x811c9dc5): number {
  let hash = from
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  return hash >>> 0
}
