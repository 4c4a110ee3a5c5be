# SPDX-License-Identifier: BSD-2-Clause
# Shared code of the checks, which source this file first.
# shellcheck shell=sh
#
# A check is a file NN-name.sh whose first lines say what it looks for and why. It
# prints one line per finding, <file>:<line>: <what>, and exits with an error if there
# was one, or with status 77 if it cannot run.

set -eu
cd "$(dirname "$0")/../.."
unset MAKEFLAGS MFLAGS MAKELEVEL O V W LLVM CROSS_COMPILE EXTERNAL

# Build folder for the checks only.
: "${LINT_BUILD:=build/lint}"

# files <pattern>...: tracked files that match, one per line. New files count as
# tracked, so that a check gives the result that it will give after the commit. Without
# git, everything counts except builds and third-party sources.
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

# Text files that people write.
sources()
{
	files '*.c' '*.h' '*.S' '*.def' '*.py' '*.sh' '*.mk' '*.ld' 'Makefile' '*Kconfig*' \
		'*.config' '*_defconfig' '.editorconfig' '.gitignore' '*.ini' \
		'*.cfg' '*.toml'
	# Scripts without a suffix.
	files '*' | grep -E '^(tools|tests|\.ci)/' | grep -vE '\.[a-z]+$' | tr '\n' '\0' |
		xargs -0r awk 'FNR == 1 && /^#!/ { print FILENAME }'
}

# findings: copy findings to the output, and fail if there are any.
findings()
{
	awk '{ print; n++ } END { exit n != 0 }'
}
