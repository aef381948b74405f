# SPDX-License-Identifier: LGPL-2.1-or-later
# Bash completion of modelverse-tasks, modelverse-render and modelverse-emulator. The commands, options
# and values are those that --help shows, so that they are never stale.
# shellcheck shell=bash

# The program's whole help; modelverse-tasks has only one.
_modelverse_help() {
  LC_ALL=C "$1" --help-all 2>/dev/null || LC_ALL=C "$1" --help 2>/dev/null
}

# _modelverse_value VALUE CURRENT : completes a value by its placeholder in the help.
_modelverse_value() {
  case $1 in
    *'|'*) mapfile -t COMPREPLY < <(compgen -W "${1//|/ }" -- "$2") ;;
    DIR*) compopt -o filenames; mapfile -t COMPREPLY < <(compgen -d -- "$2") ;;
    FILE) compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$2") ;;
  esac
}

_modelverse_options() {
  mapfile -t COMPREPLY < <(compgen -W "$(grep -oE -- '--[a-z][a-z-]*=?' <<<"$1" | sort -u)" -- "$2")
  [[ ${COMPREPLY[*]} != *= ]] || compopt -o nospace
}

# _modelverse_word PROGRAM HELP CURRENT
_modelverse_word() {
  case ${1##*/}:$COMP_CWORD:${COMP_WORDS[1]} in
    modelverse-tasks:1:*)
      mapfile -t COMPREPLY < <(compgen -W "$(sed -n 's/^  \([a-z]\+\) .*/\1/p' <<<"$2")" -- "$3") ;;
    modelverse-tasks:*:path | modelverse-tasks:*:remove)
      mapfile -t COMPREPLY < <(compgen -W "$("$1" list --tsv 2>/dev/null | sed 1d | cut -c 1-12)" -- "$3") ;;
    modelverse-render:*)
      compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -X '!*.json' -- "$3"; compgen -d -- "$3") ;;
  esac
}

_modelverse() {
  local current=${COMP_WORDS[COMP_CWORD]} option=${COMP_WORDS[COMP_CWORD - 1]} help value
  help=$(_modelverse_help "$1")
  # Without the options that only other commands take.
  if [[ ${1##*/} == modelverse-tasks && $COMP_CWORD -gt 1 && ${COMP_WORDS[1]} == [a-z]* ]]; then
    help=$(sed -E "/^ +--[^ ]+ +[a-z, ]+: /{/ ${COMP_WORDS[1]}[,:]/!d}" <<<"$help")
  fi
  COMPREPLY=()
  # Bash splits --option=value into three words.
  if [[ $current == = ]]; then
    current=
  elif [[ $option == = ]]; then
    option=${COMP_WORDS[COMP_CWORD - 2]}
  fi
  value=$(sed -nE "s/^ *(-., *)?$option=([^ ]+).*/\2/p; s/^ *$option, --[a-z-]+=([^ ]+).*/\1/p" <<<"$help")
  if [[ $option == -* && -n $value ]]; then
    _modelverse_value "$value" "$current"
  elif [[ $current == -* ]]; then
    _modelverse_options "$help" "$current"
  else
    _modelverse_word "$1" "$help" "$current"
  fi
}
complete -F _modelverse modelverse-tasks modelverse-render modelverse-emulator
