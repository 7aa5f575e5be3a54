import type { Words } from './words.ts'

/** The rows of the shell's `case`: path of commands → words. Names hold letters and hyphens only, so nothing needs more quoting. */
const rows = (words: Words): string => [...words].map(([at, next]) => `    '${at}') echo '${next.words.join(' ')}' ;;`).join('\n')
const kindRows = (words: Words): string => [...words].flatMap(([at, { kind }]) => (kind ? [`    '${at}') echo ${kind} ;;`] : [])).join('\n')

const tables = (words: Words): string => `_claviger_words() {
  case "$1" in
${rows(words)}
  esac
}
_claviger_kind() {
  case "$1" in
${kindRows(words)}
  esac
}`

/*
 * Each shell walks over what was typed: a word that leads on to a known path of commands is followed, any other is an
 * argument. Names come from the server by `claviger names`, which is quick and silent where there is none or no sign-in.
 */

export const bashScript = (words: Words): string => `# bash completion for claviger. In ~/.bashrc: eval "$(claviger completion bash)"
${tables(words)}
_claviger() {
  local at='' word kind names='' line="\${COMP_LINE:0:COMP_POINT}"
  # an @ is a break between words for bash: ACCOUNT@TARGET is one word for us
  local cur="\${line##*[[:space:]]}" before=''
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    if [[ $word != -* && -n $(_claviger_words "\${at:+$at }$word") ]]; then at="\${at:+$at }$word"; fi
  done
  kind=$(_claviger_kind "$at")
  if [[ $cur != -* && -n $kind ]]; then names=$("\${COMP_WORDS[0]}" names "$kind" 2>/dev/null </dev/null); fi
  mapfile -t COMPREPLY < <(compgen -W "$(_claviger_words "$at") $names" -- "$cur")
  if [[ $cur == *@* && $COMP_WORDBREAKS == *@* ]]; then
    # what readline puts the answer in place of begins with the @
    before="\${cur%@*}"
    COMPREPLY=("\${COMPREPLY[@]#"$before"}")
  fi
}
complete -F _claviger claviger ./claviger
`

export const zshScript = (
  words: Words,
): string => `# zsh completion for claviger. In ~/.zshrc, after compinit: eval "$(claviger completion zsh)"
${tables(words)}
_claviger() {
  local at='' word kind names=''
  for word in \${words[2,CURRENT-1]}; do
    if [[ $word != -* && -n $(_claviger_words "\${at:+$at }$word") ]]; then at="\${at:+$at }$word"; fi
  done
  kind=$(_claviger_kind "$at")
  if [[ \${words[CURRENT]} != -* && -n $kind ]]; then names=$(\${(Q)words[1]} names "$kind" 2>/dev/null </dev/null); fi
  compadd -- \${=$(_claviger_words "$at")} \${(f)names}
}
compdef _claviger claviger ./claviger
`

export const fishScript = (
  words: Words,
): string => `# fish completion for claviger. In ~/.config/fish/config.fish: claviger completion fish | source
function _claviger_words
  switch "$argv[1]"
${[...words].map(([at, next]) => `    case '${at}'\n      string split -- ' ' '${next.words.join(' ')}'`).join('\n')}
  end
end
function _claviger_kind
  switch "$argv[1]"
${[...words].flatMap(([at, { kind }]) => (kind ? [`    case '${at}'\n      echo ${kind}`] : [])).join('\n')}
  end
end
function _claviger
  set -l typed (commandline -opc)
  set -l at ''
  for word in $typed[2..-1]
    set -l next (string trim -- "$at $word")
    if not string match -q -- '-*' $word; and test -n "$(_claviger_words $next)"
      set at $next
    end
  end
  _claviger_words "$at"
  set -l kind (_claviger_kind "$at")
  if test -n "$kind"; and not string match -q -- '-*' (commandline -ct)
    $typed[1] names $kind 2>/dev/null </dev/null
  end
end
complete -c claviger -f -a '(_claviger)'
`
