# SPDX-License-Identifier: BSD-2-Clause
# What the checks share; each of them sources this file first.
# shellcheck shell=sh
#
# A check is a file NN-name.sh whose first lines say what it looks for and why.
# It prints one line for each finding, <file>:<line>: <what>, and ends with an
# error if there was one, or with status 77 if it cannot look here at all.

set -eu
cd "$(dirname "$0")/../.."
unset MAKEFLAGS MFLAGS MAKELEVEL O V W LLVM CROSS_COMPILE EXTERNAL

# The build folder that checks may use. It is theirs alone.
: "${LINT_BUILD:=build/lint}"

# files <pattern>...: tracked files that match, one a line; new files count as
# tracked, so that a check says today what it would say after the commit. In a
# tree without git everything counts but builds and third-party sources.
files()
{
	if [ -e .git ]; then
		git -c safe.directory='*' ls-files --cached --others \
			--exclude-standard -- "$@" | sort -u | existing
		return
	fi
	find . -name .git -prune -o -path ./third_party -prune -o -path './build*' -prune -o \
		-type f -print | sed 's#^\./##' | sort | while read -r f; do
		for pattern in "$@"; do
			# shellcheck disable=SC2254 # a pattern is wanted
			case $f in
			$pattern | */$pattern) echo "$f"; break ;;
			esac
		done
	done
}

existing()
{
	while read -r f; do
		if [ -f "$f" ]; then
			echo "$f"
		fi
	done
}

# The monitor's own C files and headers, without tests.
monitor_c() { files '*.c' | grep -E '^(arch|core|drivers|policies|boards)/' || true; }
monitor_h() { files '*.h' | grep -E '^(arch|core|drivers|policies|boards)/' || true; }

# Everything that people write and programs read.
sources()
{
	files '*.c' '*.h' '*.S' '*.def' '*.py' '*.sh' '*.mk' '*.ld' 'Makefile' '*Kconfig*' \
		'*.config' '*_defconfig' '.editorconfig' '.clang-format' '.gitignore' '*.ini' \
		'*.cfg' '*.toml'
	# Scripts without a suffix.
	files '*' | grep -E '^(tools|tests|\.ci)/' | grep -vE '\.[a-z]+$' | while read -r f; do
		case $(head -c 2 "$f") in
		'#!') echo "$f" ;;
		esac
	done
}

# findings: pass findings through, and end with an error if there are any.
findings()
{
	awk '{ print; n++ } END { exit n != 0 }'
}
