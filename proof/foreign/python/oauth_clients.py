"""Authlib, requests-oauthlib and httpx-oauth against a Symbolon server."""

import asyncio
from os import environ
from urllib.parse import parse_qs, urlparse

import requests
from authlib.integrations.base_client import OAuthError
from authlib.integrations.requests_client import OAuth2Session as AuthlibSession
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from authlib.oauth2.rfc8414 import AuthorizationServerMetadata
from httpx_oauth.oauth2 import OAuth2
from requests.auth import HTTPBasicAuth
from requests_oauthlib import OAuth2Session

from report import Report, allow, expect

issuer = environ["ISSUER"]
client_id = environ["CLIENT_ID"]
client_secret = environ["CLIENT_SECRET"]
redirect_uri = environ["REDIRECT_URI"]
resource_server = (environ["RESOURCE_SERVER_ID"], environ["RESOURCE_SERVER_SECRET"])
scope = "payroll:read"
verifier = "v" * 43
authorize, token, revoke, introspect = (f"{issuer}/oauth/{name}" for name in ("authorize", "token", "revoke", "introspect"))


def is_active(access_token: str) -> bool:
    answer = requests.post(introspect, data={"token": access_token}, auth=resource_server, timeout=10)
    return answer.json()["active"]


def authlib(method: str) -> None:
    report = Report("Authlib", server=f"symbolon, {method}")
    with report.step("discover"):
        metadata = AuthorizationServerMetadata(
            requests.get(f"{issuer}/.well-known/oauth-authorization-server", timeout=10).json()
        )
        metadata.validate()
        expect(metadata["token_endpoint"] == token, "another token endpoint")
    session = AuthlibSession(
        client_id,
        client_secret,
        scope=scope,
        redirect_uri=redirect_uri,
        token_endpoint_auth_method=method,
        revocation_endpoint_auth_method=method,
        code_challenge_method="S256",
    )
    with report.step("authorize"):
        url, state = session.create_authorization_url(authorize, code_verifier=verifier)
        location = allow(url)
    with report.step("redeem"):
        tokens = session.fetch_token(token, authorization_response=location, state=state, code_verifier=verifier)
        expect(is_active(tokens["access_token"]), "the access token is not active")
    with report.step("refresh"):
        fresh = session.refresh_token(token, refresh_token=tokens["refresh_token"])
        expect(fresh["refresh_token"] != tokens["refresh_token"], "the refresh token was not rotated")
    with report.step("introspect"):
        asker = AuthlibSession(*resource_server)
        expect(asker.introspect_token(introspect, token=fresh["access_token"]).json()["active"], "not active")
    with report.step("revoke"):
        answer = session.revoke_token(revoke, token=fresh["refresh_token"], token_type_hint="refresh_token")
        expect(answer.status_code == 200 and answer.json() == {}, f"{answer.status_code} {answer.text}")
        expect(not is_active(fresh["access_token"]), "the access token is still active")
    with report.step("client credentials"):
        machine = AuthlibSession(client_id, client_secret, token_endpoint_auth_method=method)
        expect(is_active(machine.fetch_token(token, grant_type="client_credentials")["access_token"]), "not active")
    with report.step("error answer"):
        try:
            session.refresh_token(token, refresh_token=fresh["refresh_token"])
        except OAuthError as error:
            expect(error.error == "invalid_grant", f"{error}")
        else:
            raise AssertionError("no error")


def requests_oauthlib(include_client_id: bool) -> None:
    method = "client_secret_post" if include_client_id else "client_secret_basic"
    report = Report("requests-oauthlib", server=f"symbolon, {method}")
    session = OAuth2Session(client_id, redirect_uri=redirect_uri, scope=[scope], pkce="S256")
    secret = (
        {"client_secret": client_secret, "include_client_id": True}
        if include_client_id
        else {"auth": HTTPBasicAuth(client_id, client_secret)}
    )
    with report.step("authorize"):
        url, _state = session.authorization_url(authorize)
        location = allow(url)
    with report.step("redeem"):
        tokens = dict(session.fetch_token(token, authorization_response=location, **secret))
        expect(is_active(tokens["access_token"]), "the access token is not active")
    with report.step("refresh"):
        fresh = (
            session.refresh_token(token, client_id=client_id, client_secret=client_secret)
            if include_client_id
            else session.refresh_token(token, auth=HTTPBasicAuth(client_id, client_secret))
        )
        expect(fresh["refresh_token"] != tokens["refresh_token"], "the refresh token was not rotated")


async def httpx_oauth() -> None:
    report = Report("httpx-oauth", server="symbolon, client_secret_post")
    client = OAuth2(
        client_id,
        client_secret,
        authorize,
        token,
        refresh_token_endpoint=token,
        revoke_token_endpoint=revoke,
        token_endpoint_auth_method="client_secret_post",
        revocation_endpoint_auth_method="client_secret_post",
    )
    with report.step("authorize"):
        challenge = create_s256_code_challenge(verifier)
        url = await client.get_authorization_url(
            redirect_uri, scope=[scope], state="s", code_challenge=challenge, code_challenge_method="S256"
        )
        location = allow(url)
    with report.step("redeem"):
        code = parse_qs(urlparse(location).query)["code"][0]
        tokens = await client.get_access_token(code, redirect_uri, verifier)
        expect(is_active(tokens["access_token"]), "the access token is not active")
    with report.step("refresh"):
        fresh = await client.refresh_token(tokens["refresh_token"])
        expect(fresh["refresh_token"] != tokens["refresh_token"], "the refresh token was not rotated")
    with report.step("revoke"):
        await client.revoke_token(fresh["refresh_token"], "refresh_token")
        expect(not is_active(fresh["access_token"]), "the access token is still active")


for each in ("client_secret_basic", "client_secret_post"):
    authlib(each)
for each in (False, True):
    requests_oauthlib(each)
asyncio.run(httpx_oauth())
