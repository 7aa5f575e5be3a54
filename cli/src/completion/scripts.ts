import type { Words } from './words.ts'

/** The rows of the shell's `case`: path of commands → words. Names hold letters and hyphens only, so nothing needs more quoting. */
const rows = (words: Words): string => [...words].map(([at, next]) => `    '${at}') echo '${next.join(' ')}' ;;`).join('\n')

/** Both shells walk over what was typed: a word that leads on to a known path of commands is followed, any other is an argument. */
export const bashScript = (words: Words): string => `# bash completion for claviger. In ~/.bashrc: eval "$(claviger completion bash)"
_claviger_words() {
  case "$1" in
${rows(words)}
  esac
}
_claviger() {
  local at='' word
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    if [[ $word != -* && -n $(_claviger_words "\${at:+$at }$word") ]]; then at="\${at:+$at }$word"; fi
  done
  mapfile -t COMPREPLY < <(compgen -W "$(_claviger_words "$at")" -- "\${COMP_WORDS[COMP_CWORD]}")
}
complete -F _claviger claviger ./claviger
`

export const zshScript = (
  words: Words,
): string => `# zsh completion for claviger. In ~/.zshrc, after compinit: eval "$(claviger completion zsh)"
_claviger_words() {
  case "$1" in
${rows(words)}
  esac
}
_claviger() {
  local at='' word
  for word in \${words[2,CURRENT-1]}; do
    if [[ $word != -* && -n $(_claviger_words "\${at:+$at }$word") ]]; then at="\${at:+$at }$word"; fi
  done
  compadd -- \${=$(_claviger_words "$at")}
}
compdef _claviger claviger
`
