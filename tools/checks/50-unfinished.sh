#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# No notes to oneself in the tree: open work belongs into issues.
. "$(dirname "$0")/lib.sh"

sources | sort -u | grep -v '^tools/checks/50-' |
	xargs -r grep -nwE 'TODO|FIXME|XXX|HACK|(not (yet )?|un)implemented|placeholder' | findings
