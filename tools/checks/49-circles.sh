#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# No three files in core call each other in a circle, so that a reader can start at one
# end. What is below reaches what is above through a table (cordon/table.h).
. "$(dirname "$0")/lib.sh"

files 'core/*.c' 'core/*.h' | grep -v '/compat/' | xargs -r tools/checks/find-circles | findings
