import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

// The built console is plain files under dist/, served by the API process under a strict content security policy:
// nothing is inlined into index.html, and nothing is fetched from elsewhere.
export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  server: { host: '127.0.0.1', port: 8201, strictPort: true, proxy: { '/api': 'http://127.0.0.1:8200' } },
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
