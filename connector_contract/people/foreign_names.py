"""Names of fields in other languages: German, French, Spanish, Italian, Portuguese, Dutch, Nordic ones."""

from __future__ import annotations

OF_ANYBODY = {
    "given_name": "vorname rufname prenom prenoms primernombre nombres voornaam voornamen roepnaam fornavn"
    " fornamn imie nomeproprio nomedebattesimo",
    "family_name": "nachname familienname zuname geburtsname nomdefamille nomfamille apellido apellidos"
    " primerapellido segundoapellido cognome sobrenome apelido achternaam familienaam etternavn efternavn"
    " efternamn nazwisko",
    "name": "nomcomplet nombrecompleto nomecompleto nomecognome vollername voornaamachternaam volledigenaam"
    " ansprechpartner vorgesetzter anzeigename",
    "login": "benutzername anmeldename nomutilisateur nomdutilisateur nombreusuario nombredeusuario"
    " nomeutente"
    " nomeusuario gebruikersnaam brukernavn anvandarnamn brugernavn",
    "email": "courriel correo correoelectronico emailadresse mailadresse epost epostadresse epostadress"
    " adressemail adresseemail adresseelectronique posta postaelettronica",
    "phone": "telefon telefonnummer telefonnr rufnummer handy handynummer mobiltelefon mobilnummer"
    " mobiltelefonnummer telefono movil celular cellulare telefoon telefoonnummer telefone telemovel"
    " telefonmobil"
    " telephonemobile telephoneportable numerodetelephone festnetz",
    "address": "strasse strassehausnummer anschrift wohnadresse adressepostale direccion domicilio"
    " indirizzo"
    " endereco straatnaam",
    "date": "geburtsdatum geburtstag datedenaissance datenaissance fechadenacimiento fechanacimiento"
    " datadinascita datanascita datadenascimento datanascimento geboortedatum"
    " fodselsdato fodelsedatum gebdatum gebdat fechanac datanasc",
    "number": "personalnummer personalnr mitarbeiternummer mitarbeiternr matricule matricola"
    " sozialversicherungsnummer steuernummer"
    " steueridentifikationsnummer"
    " numerosecuritesociale codicefiscale",
}
"""For each kind, names of fields of whatever record."""

OF_PERSONS = {
    "name": "nombre nome naam navn namn anrede",
    "family_name": "nom",
    "address": "rue calle via adresse adres plz postleitzahl ort wohnort stadt ville codepostal ciudad"
    " poblacion codigopostal citta cidade cep plaats woonplaats stad postnummer poststed hausnummer",
}
"""Of things as well: they are personal in a person's record."""
