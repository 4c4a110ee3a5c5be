#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# core and arch know no policy: no name, no folder, no options. So a policy that is left
# out, or outside of the tree, is the same as one that is built in.
. "$(dirname "$0")/lib.sh"

names=$(files 'policies/*/policy.def' | sed 's#^policies/##; s#/.*##')
options=$(files 'policies/*/Kconfig*' | xargs -r sed -n 's/^config \([A-Z0-9_]*\)$/\1/p')
# Folders of policies that are also words of English, or of another meaning here:
# "a counter", "to protect", "a trace", and Keystone, whose signature scheme is in the core.
words='counter protect trace keystone'

pattern=$(for name in $names; do
	upper=$(echo "$name" | tr '[:lower:]' '[:upper:]')
	printf '%s\n' "policies/$name" "policy_$name" "POLICY_$upper" "DEADLINE_$name" \
		"generated/$name"
	case " $words " in
	*" $name "*) printf '%s\n' "$name policy" "policy $name" "\"$name" "$name-payload" ;;
	*) echo "\\w*$name\\w*" ;;
	esac
done
for option in $options; do
	echo "(CONFIG_)?$option"
done)

files 'core/*' 'arch/*' 'drivers/*' |
	xargs -r grep -HniwE "$(echo "$pattern" | paste -sd '|' -)" |
	sed 's/$/  <- a policy by name/' | findings
