"""Asks our own port with our own certificate; exit code 1 when it does not answer."""
import os
import ssl
import sys
import urllib.request

context = ssl.create_default_context(cafile=os.environ["MCP_TLS_CA"])
context.load_cert_chain(os.environ["MCP_TLS_CERT"], os.environ["MCP_TLS_KEY"])
context.check_hostname = False

try:
    urllib.request.urlopen("https://127.0.0.1:8443/healthz", context=context, timeout=4)
except OSError as error:
    sys.exit(str(error))
