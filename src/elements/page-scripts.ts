/**
 * Resolves when the scripts have run that the page came with, which may say how the shop is reached; undefined when they have.
 * A browser that keeps its timings secret has done so at the latest when everything is loaded.
 */
export function pageScripts(): Promise<unknown> | undefined {
  const [navigation] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[]
  if (document.readyState === 'complete' || navigation?.domContentLoadedEventStart) return undefined
  return new Promise((resolve) => {
    addEventListener('DOMContentLoaded', resolve)
    addEventListener('load', resolve)
  })
}
