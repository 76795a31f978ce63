"""Two Fitbit clients against the Fitbit emulator: the SDK of Fitbit's documentation page, and python-fitbit."""

import ast
import base64
import json
from os import environ

import swagger_client
from fitbit import Fitbit
from fitbit.api import FitbitOauth2Client

from report import Report, allow, expect

url = environ["FITBIT_URL"]
client_id = environ["FITBIT_CLIENT_ID"]
client_secret = environ["FITBIT_CLIENT_SECRET"]
redirect_uri = environ["FITBIT_REDIRECT_URI"]


def body_of(answer: object) -> dict:
    """The generated client returns `object` as a dictionary, or as the text of one."""
    return answer if isinstance(answer, dict) else ast.literal_eval(str(answer))


def documented_sdk() -> None:
    report = Report("swagger_client.AuthApi", server="emulator fitbit", release="swagger-codegen 3.0.52")
    configuration = swagger_client.Configuration()
    configuration.host = url
    api = swagger_client.AuthApi(swagger_client.ApiClient(configuration))
    basic = "Basic " + base64.b64encode(f"{client_id}:{client_secret}".encode()).decode()
    with report.step("oauth_token, authorization_code"):
        location = allow(
            f"{url}/oauth2/authorize?response_type=code&client_id={client_id}"
            f"&redirect_uri={redirect_uri}&scope=profile&state=s"
        )
        code = location.split("code=")[1].split("&")[0].split("#")[0]
        tokens = body_of(
            api.oauth_token(
                client_id,
                "authorization_code",
                authorization=basic,
                code=code,
                redirect_uri=redirect_uri,
                expires_in="3600",
                state="s",
            )
        )
        expect(tokens["expires_in"] == 3600 and tokens["user_id"], f"{tokens.keys()}")
    with report.step("oauth_token, refresh_token"):
        fresh = body_of(
            api.oauth_token(client_id, "refresh_token", authorization=basic, refresh_token=tokens["refresh_token"])
        )
        expect(fresh["refresh_token"] != tokens["refresh_token"], "the refresh token was not rotated")
    with report.step("introspect"):
        configuration.access_token = fresh["access_token"]
        answer = api.introspect(fresh["access_token"], _preload_content=False)
        expect(json.loads(answer.data)["active"] is True, f"{answer.data}")
    with report.step("error answer"):
        try:
            api.oauth_token(client_id, "refresh_token", authorization=basic, refresh_token="0" * 64)
        except swagger_client.rest.ApiException as error:
            expect(json.loads(error.body)["errors"][0]["errorType"] == "invalid_grant", f"{error.body}")
        else:
            raise AssertionError("no error")


def python_fitbit() -> None:
    report = Report("python-fitbit", package="fitbit", server="emulator fitbit")
    FitbitOauth2Client.API_ENDPOINT = url
    FitbitOauth2Client.AUTHORIZE_ENDPOINT = url
    FitbitOauth2Client.authorization_url = f"{url}/oauth2/authorize"
    FitbitOauth2Client.request_token_url = f"{url}/oauth2/token"
    FitbitOauth2Client.access_token_url = FitbitOauth2Client.request_token_url
    FitbitOauth2Client.refresh_token_url = FitbitOauth2Client.request_token_url
    kept: list[dict] = []
    client = Fitbit(client_id, client_secret, redirect_uri=redirect_uri, refresh_cb=kept.append).client
    with report.step("authorize"):
        location = allow(client.authorize_token_url(scope=["profile"])[0])
    with report.step("redeem"):
        code = location.split("code=")[1].split("&")[0].split("#")[0]
        tokens = dict(client.fetch_access_token(code))
        expect(tokens["user_id"], f"{tokens.keys()}")
    with report.step("refresh"):
        client.refresh_token()
        expect(kept and kept[-1]["refresh_token"] != tokens["refresh_token"], "the refresh token was not rotated")


documented_sdk()
python_fitbit()
