# SPDX-License-Identifier: MIT
# Bash completion for hazard(1). Commands and options are asked of `hazard` itself, so they never go stale.

# Words that follow two blanks at the start of a line of `hazard --help`: "  hazard list   ...".
_hazard_commands() {
    hazard --help 2>/dev/null | sed -n 's/^  hazard \([a-z]*\) .*/\1/p'
}

_hazard_options() {
    # shellcheck disable=SC2086 # "grade --gate" are two words
    hazard $1 --help 2>/dev/null | grep -oE -- '(^|[ ,])--[a-z][a-z-]*=?' | tr -d ' ,'
}

# Completes the last word of a comma-separated list: --with tsan,dr<TAB>
_hazard_detectors() {
    local before=
    [[ $1 == *,* ]] && before=${1%,*},
    mapfile -t COMPREPLY < <(compgen -P "$before" -W "$(hazard list --detectors --names 2>/dev/null)" -- "${1##*,}")
    compopt -o nospace
}

# The rules of the gate: "include, asm, ..." in its help, between two words.
_hazard_rules() {
    hazard grade --gate --help 2>/dev/null | tr -d '\n' | sed -n 's/.*Rules: \([a-z, -]*\)\..*/\1/p' | tr ',' ' '
}

# "NAME: a, b, c." in the help of grade.
_hazard_grade_names() {
    hazard grade --help 2>/dev/null | tr -s '\n ' ' ' | sed -n "s/.*$1: \([a-z0-9, ()]*\)[. ].*/\1/p" | sed 's/([a-z]*)//g; s/ -.*//; s/,/ /g'
}

_hazard_words() {
    mapfile -t COMPREPLY < <(compgen -W "$1" -- "$2")
}

# What may follow an option; fails if that is nothing that we know.
_hazard_argument() {
    case $1 in
    --with) _hazard_detectors "$2" ;;
    --family) _hazard_words "races deadlocks signals fairness servers" "$2" ;;
    --decoy | --variant) ;;
    --strategy) _hazard_words "auto dpor states dfs bound random pct pos" "$2" ;;
    --audit) _hazard_words "off first all" "$2" ;;
    --races) _hazard_words "stop report ignore" "$2" ;;
    --compiler) _hazard_words "gcc clang" "$2" ;;
    --format) _hazard_words "$(_hazard_grade_names Formats)" "$2" ;;
    --adapter) _hazard_words "$(_hazard_grade_names 'current folder)')" "$2" ;;
    --output | --results) mapfile -t COMPREPLY < <(compgen -d -- "$2") ;;
    --tier) _hazard_words "A B C" "$2" ;;
    --allow | --refuse) _hazard_words "$(_hazard_rules)" "$2" ;;
    --signal) _hazard_words "$(kill -l | grep -oE 'SIG[A-Z0-9]+[A-Z0-9+-]*')" "$2" ;;
    --cwd) mapfile -t COMPREPLY < <(compgen -d -- "$2") ;;
    --only) _hazard_words "lunch partial-line crowd half-close reset slow-origin silent-origin resetting-origin leaks end" "$2" ;;
    --dialogue | --junit | --sarif | --schedule | --chrome | --shiviz | --stdin) mapfile -t COMPREPLY < <(compgen -f -- "$2") ;;
    *) return 1 ;;
    esac
}

_hazard() {
    local word=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]} command=${COMP_WORDS[1]}
    COMPREPLY=()
    if ((COMP_CWORD == 1)); then
        _hazard_words "$(_hazard_commands) --help --version" "$word"
        return
    fi
    # "--with=tsan" comes as three words.
    if [[ $word == "=" ]]; then
        word=
    elif [[ $previous == "=" ]]; then
        previous=${COMP_WORDS[COMP_CWORD - 2]}
    fi
    _hazard_argument "$previous" "$word" && return
    if [[ $command == cc || $command == make ]]; then # its words are the compiler's, or make's
        mapfile -t COMPREPLY < <(compgen -f -- "$word")
        return
    fi
    [[ " ${COMP_WORDS[*]} " == *" grade "*"--gate "* ]] && command="grade --gate"
    if [[ $word == -* ]]; then
        _hazard_words "$(_hazard_options "$command")" "$word"
        [[ ${COMPREPLY[0]-} == *= ]] && compopt -o nospace
    elif [[ $command == "grade --gate" ]]; then
        mapfile -t COMPREPLY < <(compgen -f -- "$word")
    elif [[ $command == grade ]]; then # an assignment, then hand-ins
        _hazard_words "$(hazard list --names 2>/dev/null)" "$word"
        mapfile -t -O ${#COMPREPLY[@]} COMPREPLY < <(compgen -f -- "$word")
    elif [[ $command != list && $command != cache ]]; then
        _hazard_words "$(hazard list --names 2>/dev/null)" "$word"
        [[ $command != show ]] && mapfile -t -O ${#COMPREPLY[@]} COMPREPLY < <(compgen -f -- "$word")
    fi
}

complete -o filenames -F _hazard hazard
