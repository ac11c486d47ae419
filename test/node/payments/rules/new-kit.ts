import { createKit, type Kit, type KitOptions } from '../kit.ts'
import type { Database } from './databases.ts'

/** Makes an instance of the payments over an empty database. */
export type NewKit = (options?: KitOptions) => Promise<Kit>

export const newKits =
  (database: Database): NewKit =>
  async (options = {}) =>
    createKit(await database.store(), options)
