#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# The pictures of the documentation are as tools/draw-pictures draws them, so that the
# SVG and the text beside it show the same.
. "$(dirname "$0")/lib.sh"

/usr/bin/python3 -B tools/draw-pictures --check | findings
