import type { ClientRequest, IncomingMessage } from 'node:http'
import react from '@vitejs/plugin-react'
import { build, defineConfig, type Plugin, type ProxyOptions } from 'vite'

/** The server that the development server of the console stands in front of. */
const target = process.env.CLAVIGER_SERVER ?? 'http://127.0.0.1:8200'

/**
 * What the console of the development server asks is passed on as if it came from the server's own console: it refuses writes of any other
 * page. Only our own page's: what another one sends keeps its origin, and is refused as ever.
 */
const toServer: ProxyOptions = {
  target,
  changeOrigin: true,
  configure(proxy) {
    const asOurs = (request: ClientRequest, incoming: IncomingMessage) => {
      if (incoming.headers.origin === `http://${incoming.headers.host}`) request.setHeader('origin', new URL(target).origin)
    }
    proxy.on('proxyReq', asOurs)
    proxy.on('proxyReqWs', asOurs)
  },
}

/**
 * The program of the page of evidence, as one script and one style sheet beside the console: the server writes them into each page that it exports
 * (server/src/domains/session/evidence).
 */
const pageOfEvidence = (): Plugin => {
  let outDir = ''
  return {
    name: 'page-of-evidence',
    apply: 'build',
    configResolved(config) {
      outDir = `${config.build.outDir}/evidence`
    },
    async closeBundle() {
      await build({
        configFile: false,
        root: import.meta.dirname,
        publicDir: false,
        logLevel: 'warn',
        build: {
          ...{ outDir, emptyOutDir: true, cssCodeSplit: false, target: 'es2023', reportCompressedSize: false, chunkSizeWarningLimit: 700 },
          rolldownOptions: {
            input: 'src/evidence/main.ts',
            output: { format: 'iife', entryFileNames: 'evidence.js', assetFileNames: 'evidence[extname]' },
          },
        },
      })
    },
  }
}

// The built console is plain files under dist/, served by the API process under a strict content security policy:
// nothing is inlined into index.html, and nothing is fetched from elsewhere.
export default defineConfig({
  root: import.meta.dirname,
  plugins: [react(), pageOfEvidence()],
  server: { host: '127.0.0.1', port: 8201, strictPort: true, proxy: { '/api': { ...toServer, ws: true }, '/readyz': toServer } },
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2023',
    assetsInlineLimit: 0,
    reportCompressedSize: false,
    // the terminal player alone is larger, and is loaded only with a replay
    chunkSizeWarningLimit: 700,
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            { name: 'react', test: /node_modules[\\/](react|react-dom|scheduler)[\\/]/, priority: 3 },
            { name: 'mantine', test: /node_modules[\\/](@mantine|@floating-ui|react-remove-scroll)/, priority: 2 },
            { name: 'tanstack', test: /node_modules[\\/]@tanstack[\\/]/, priority: 1 },
          ],
        },
      },
    },
  },
})
