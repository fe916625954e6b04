"""Reads this service's secret from Secrets Manager (LocalStack at home).

Other services copy this pattern: the environment carries the NAME of the
secret, never its value, and the value is read once at start.
"""
import json
import logging
import os
import time

import boto3
from botocore.exceptions import BotoCoreError, ClientError

log = logging.getLogger(__name__)

ATTEMPTS = 60
PAUSE_SECONDS = 10


def load_secret(variable: str = "MCP_GITLAB_SECRET_NAME") -> dict:
    """Returns the secret that the environment variable names, as a dict.

    LocalStack lives in another stack and may come up after us, so this keeps
    asking for ten minutes before it gives up.
    """
    name = os.environ[variable]
    client = boto3.client("secretsmanager", endpoint_url=os.environ.get("AWS_ENDPOINT_URL"))
    for attempt in range(1, ATTEMPTS + 1):
        try:
            return json.loads(client.get_secret_value(SecretId=name)["SecretString"])
        except (BotoCoreError, ClientError) as error:
            log.warning("secret %s is not readable yet (%s), try %d of %d", name, error, attempt, ATTEMPTS)
            time.sleep(PAUSE_SECONDS)
    raise RuntimeError(f"secret {name} could not be read")
