/** Plays the part of those who are neither buyer nor shop: carrier and bank. Only the simulator can be told such things. */
export type Outside = (path: string, body?: object) => Promise<void>

/**
 * @param simulator the simulator's own origin
 * @returns posts to one of its control requests; throws Error with what it answered when it refuses
 */
export const outsideOf =
  (simulator: URL): Outside =>
  async (path, body = {}) => {
    const answer = await fetch(new URL(`/_sandbox${path}`, simulator), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    if (!answer.ok) throw new Error(`The simulator refused: ${await answer.text()}`)
  }
