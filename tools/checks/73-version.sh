#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# VERSION equals git describe's version or a later one, so that no release tag is ahead
# of it, and CHANGELOG.md has a section for it.
. "$(dirname "$0")/lib.sh"

base=$(cat VERSION)
rc=0
if ! expr "$base" : '[0-9][0-9]*\.[0-9][0-9]*\.[0-9][0-9]*$' >/dev/null; then
	echo "VERSION: $base is not of the form 1.2.3"
	rc=1
fi
if ! grep -q "^## $base\( \|\$\)" CHANGELOG.md; then
	echo "CHANGELOG.md: has no part about $base"
	rc=1
fi
if [ -e .git ]; then
	tag=$(git -c safe.directory='*' describe --tags --abbrev=0 --match 'v[0-9]*' 2>/dev/null) ||
		tag=v0.0.0
	last=$(printf '%s\n' "${tag#v}" "$base" | sort -V | tail -n 1)
	if [ "$last" != "$base" ]; then
		echo "VERSION: $base is older than the tag $tag"
		rc=1
	fi
fi
exit $rc
