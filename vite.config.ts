import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { defineConfig, type UserConfig } from 'vite'
import { renderShopPages } from './scripts/vite-shop-pages.ts'

const path = (name: string) => fileURLToPath(new URL(name, import.meta.url))

/** The storefront's pages, which the example shop fills and serves. */
const demoBuild: UserConfig = {
  publicDir: 'demo/public',
  plugins: [renderShopPages()],
  build: {
    outDir: 'dist/demo',
    // Everything is a file of its own: the pages' policy allows neither inline scripts nor data: addresses.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      input: ['index.html', 'demo/thanks.html', 'demo/gallery.html'].filter((name) => existsSync(path(name))),
    },
  },
  server: { host: 'localhost', proxy: { '/ipay': process.env['SHOP_URL'] ?? 'http://127.0.0.1:3000' } },
}

/** `vite build --mode element` makes the file for a script tag; everything else is about the storefront. */
export default defineConfig(async ({ mode }) =>
  mode === 'element' ? (await import('./scripts/vite-element.ts')).elementBuild : demoBuild,
)
