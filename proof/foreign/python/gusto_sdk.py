"""Gusto's own Python SDK, the one of the documentation page for token introspection, against the Gusto emulator."""

from os import environ

from gusto_embedded import Gusto

from report import Report, expect

url = environ["GUSTO_URL"]
report = Report("gusto-embedded", server="emulator gusto")

with report.step("introspection.get_info"):
    with Gusto(company_access_auth=environ["GUSTO_ACCESS_TOKEN"], server_url=url) as gusto:
        info = gusto.introspection.get_info()
        expect(info.scope is not None and info.resource.uuid, f"{info}")

with report.step("introspection.refresh_token"):
    with Gusto(server_url=url) as gusto:
        tokens = gusto.introspection.refresh_token(
            client_id=environ["GUSTO_CLIENT_ID"],
            client_secret=environ["GUSTO_CLIENT_SECRET"],
            redirect_uri=environ["GUSTO_REDIRECT_URI"],
            refresh_token=environ["GUSTO_REFRESH_TOKEN"],
            grant_type="refresh_token",
        )
        expect(tokens.access_token and tokens.refresh_token, f"{tokens}")

with report.step("get_info with the new token"):
    with Gusto(company_access_auth=tokens.access_token, server_url=url) as gusto:
        expect(gusto.introspection.get_info().resource.uuid, "no resource")

with report.step("error answer"):
    with Gusto(company_access_auth="wrong", server_url=url) as gusto:
        try:
            gusto.introspection.get_info()
        except Exception as error:  # noqa: BLE001
            expect(getattr(error, "status_code", None) == 401, f"{error!r}")
        else:
            raise AssertionError("no error")
