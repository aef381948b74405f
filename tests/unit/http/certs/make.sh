#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# Makes the certificates of the TLS tests anew, valid for 100 years; see README.md.
set -eu
cd "$(dirname "$0")"
keys=$(mktemp -d)
trap 'rm -rf "$keys"' EXIT
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 36500 \
  -subj '/CN=gst-modelverse test authority' -addext 'basicConstraints=critical,CA:TRUE' \
  -addext 'keyUsage=critical,keyCertSign,cRLSign' -keyout "$keys/ca.key" -out ca.pem
openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
  -subj '/CN=gst-modelverse test server' -keyout "$keys/server.key" -out "$keys/server.csr"
printf 'subjectAltName=IP:127.0.0.1,DNS:localhost\nbasicConstraints=CA:FALSE\n' >"$keys/server.ext"
openssl x509 -req -in "$keys/server.csr" -CA ca.pem -CAkey "$keys/ca.key" -set_serial 1 \
  -days 36500 -extfile "$keys/server.ext" -out "$keys/server.crt"
cat "$keys/server.crt" "$keys/server.key" >server.pem
