// @ts-nocheck: it runs in a browser, and the server is checked without one
// Shows the document of this server with swagger-ui. A file of its own, because our content policy allows no script inside a page.

const system = matchMedia('(prefers-color-scheme: dark)')
/** The colours that were chosen in the console, which keeps them under this name; otherwise those of the system. */
const colours = () => {
  const chosen = localStorage.getItem('mantine-color-scheme-value')
  const dark = chosen === 'dark' || (chosen !== 'light' && system.matches)
  document.documentElement.classList.toggle('dark-mode', dark)
}
colours()
system.addEventListener('change', colours)
addEventListener('storage', colours)

window.SwaggerUIBundle({
  url: '/api/openapi.json',
  dom_id: '#api',
  deepLinking: true,
  displayOperationId: true,
  docExpansion: 'list',
  defaultModelsExpandDepth: 0,
  filter: true,
  // asks nobody outside whether the document is valid, and loads no other document than ours
  validatorUrl: null,
  queryConfigEnabled: false,
  persistAuthorization: false,
  // what the console sends as well: without it a write with the cookie is refused as coming from another page
  requestInterceptor: (request) => ({ ...request, headers: { ...request.headers, 'x-claviger': '1' } }),
})
