"""Names are judged by their words: each that is secret in practice, and its neighbours that are not."""

from __future__ import annotations

import json

import pytest

from connector_contract.secrets.secret_names import WELL_KNOWN, is_secret_name, names_one, secret_names
from connector_contract.secrets.secret_words import is_secret_by_words

SECRET = """
newPassword old_password currentPasswd passwordConfirmation password_new PASSWORD1 password2 passwords
passwordHash encrypted_password temporary_password initialPassword one_time_password wsse:Password
newpassword dbpassword DB_PASS user_pass pwd passphrase passcode webhook_secret SecretAccessKey
aws_secret_access_key secretaccesskey clientsecret CLIENT_SECRET client_secret_jwt secretText SecretString
mfa_secret otp_secret totpSeed mfaCode x-goog-api-key Ocp-Apim-Subscription-Key apikey APIKEY APIKey xapikey
sessionKey signing_key encryptionKey privateKeyPem private_key_base64 access_token apiToken accesstoken
refreshTokenValue tokenValue sas_token OAuthToken oauth2Token personalaccesstoken page_access_token
SLACK_BOT_TOKEN github.token password_reset_token csrf_token csrfmiddlewaretoken __RequestVerificationToken
SAMLResponse samlresponse SAMLAssertion recovery_codes backupCodes recoverycodes authorization_code
device_code verification-code jwt bearer otp connection_string ConnectionString X-Amz-Signature
apiKeySecondary api_key_primary x-functions-key sharedAccessSignature auth_signature oauth_verifier
primaryconnectionstring presharedkey secrettext secretbinary bindCredential bind_credential
x-hub-signature-256 JSESSIONID PHPSESSID
tempPass pw PW bindPw root_pw userPw psk wifiPsk authHeader auth_header basicAuth httpAuth authz credential
credentials creds client_key tls_key pemKey key_pem storage_key rawKey fullKey token_plaintext enrollmentKey
join_key agent_key invite_code activation_code user_code oob_code auth_req_id id_token_hint securityAnswer
ASP.NET_SessionId _csrf xsrf pat PAT serviceTicket tgt ntHash nt_hash snmp_community client-key-data
motDePasse mot_de_passe motdepasse contraseña senha wachtwoord lösenord пароль Пароль 密码 パスワード
forgottenPasswordAnswer1 recovery_answer secretAnswer2 apiKey2 access_token_1 credential2 session_id_2
oauthToken3 write_key writeKey sdk_key SDK_KEY ingest_key ingestionKey host_key zoomHostKey X-Relay-Auth
x-auth x-my-app-auth bindpassword keystorepassword scimtoken invitetoken hashedpassword
zendesktoken myvendorapikey
""".split()  # noqa: SIM905 - a list of names is read as one
DATA = """
token_type token_endpoint tokens_used token tokens tokenized tokenizer prompt_tokens tokentype
next_token nextPageToken page_token continuationToken sync_token delta_token syncToken cursor_token
nextSyncToken NextContinuationToken nexttoken nextpagetoken synctoken password_policy passwordpolicy
passwordChanged password_last_set passwordExpiresAt pwd_reset_required has_password requires_password
usePassword password_hint passwordless secret_santa_enabled secretary secretariat secretsmanager secret_name
secret_version secret_hint top_secret key primary_key foreign_key sort_key partition_key public_key
api_public_key key_id api_key_id apikeyid access_key_id accountKey ssh_key deploy_key idempotency-key
keyboard monkey turkey author authority auth_type authentication_method signature_algorithm email_signature
session_timeout cookie_policy passenger compass bypass pass skip_pass code error_code status_code zip_code
pin pincode pin_code client_assertion_type SAMLRequest x-amz-credential otp_enabled bearer_methods_supported
x-request-id req_id authority author path pattern patch passport_country keyboard_layout spawn pwned
haspassword nopassword prompttokens next_page_token answer community hash ticket ticketId id_hint
primaryKey secondary_key primarySignature functions_key_id resumptionToken text_key secretary_text
answer_3 next_token_1 page_token2 primary_key_1 key2 code_2 public_key2 integration_key sdk_key_id
write_keys_count x_two_factor_auth two-factor-auth x-author x-auth-type requires_auth ghost project_key
issue_key idempotency_key sshKey deploy_key_id passwordAnswers_count
credential_type credentialsProvider pattoken_count x-amz-credential psksize passeport header
""".split()  # noqa: SIM905 - a list of names is read as one


@pytest.mark.parametrize("name", SECRET)
def test_a_name_that_says_secret(name):
    assert is_secret_name(name, WELL_KNOWN)
    # A body that has it is looked into.
    assert names_one(b'{"%b": ""}' % name.encode(), WELL_KNOWN)
    assert names_one(json.dumps({name: ""}).encode(), WELL_KNOWN)


@pytest.mark.parametrize("name", DATA)
def test_a_name_that_does_not(name):
    assert not is_secret_name(name, WELL_KNOWN)


@pytest.mark.parametrize("name", ["", "_", "é", "x" * 100_000, "secret" * 20_000, "password" + "é" * 100_000])
def test_what_is_hardly_a_name(name):
    assert not is_secret_by_words(name)


def test_a_name_that_is_off_the_list_is_none_whatever_its_words_say():
    names = secret_names(["-webhook_secret: is the name of a hook", "petname: is one"])
    assert not is_secret_name("webhookSecret", names)
    assert is_secret_name("petname", names)
    assert is_secret_name("webhook_secret", WELL_KNOWN)
    assert is_secret_name("petname2", names)
    assert not is_secret_name("signature2", secret_names(["-signature2: is a person's"]))
    assert not is_secret_name("signature2", secret_names(["-signature: is a person's"]))
