"""Header words of other languages, by the same groups as the English ones.

German, French, Spanish, Dutch, Italian and Welsh; accents are folded away before the look-up. Words
that mean something else in English headers (nombre, media, land, mes) are left out.
"""

from __future__ import annotations

from typing import Final, Mapping

KEY: Final = """
kennung lfdnr kennnummer patientennummer versichertennummer aktenzeichen identifiant matricule numerodossier
identificador expediente legajo volgnummer kenmerk persoonsnummer matricola protocollo cyfeirnod
laufende~nummer lfd~nr personen~id numero~dossier numero~identification numero~expediente codice~fiscale
bsn nir dni nie cpr personnummer sozialversicherungsnummer steuernummer insee steueridentifikationsnummer
"""

PERSON: Final = """
geschlecht alter vorname nachname familienname geburtsdatum geburtsjahr geburtsort familienstand einkommen gehalt lohn
beruf bildung schulabschluss staatsangehorigkeit anschrift plz postleitzahl wohnort strasse telefon kinder haushalt religionszugehorigkeit
sexe prenom naissance nationalite salaire revenu diplome adresse courriel enfants menage conjoint
matrimonial profession csp niveauetude codepostal
sexo edad apellido apellidos nacimiento nacionalidad ingreso ingresos salario sueldo ocupacion estudios direccion domicilio hijos hogar
geslacht leeftijd voornaam achternaam geboortedatum geboortejaar nationaliteit inkomen loon beroep opleiding adres postcode
woonplaats kinderen huishouden burgerlijkestaat
sesso eta cognome nascita nazionalita reddito stipendio professione istruzione indirizzo figli famiglia
rhyw oed cyfenw enw geni incwm cyflog galwedigaeth cyfeiriad addysg plant cartref crefydd
date~naissance annee~naissance situation~familiale estado~civil fecha~nacimiento nivel~estudios stato~civile data~nascita
titolo~studio burgerlijke~staat dyddiad~geni statws~priodasol tranche~age
"""

FIRM: Final = """
firma unternehmen betrieb umsatz beschaftigte mitarbeiter rechtsform gewinn entreprise societe etablissement siren siret chiffreaffaires
salaries benefice empresa facturacion empleados beneficio bedrijf onderneming omzet werknemers winst kvk rechtsvorm
azienda impresa fatturato dipendenti utile cwmni busnes trosiant gweithwyr elw
chiffre~affaires raison~sociale razon~social partita~iva ragione~sociale
"""

MEASURE: Final = """
anzahl insgesamt gesamt summe anteil quote durchschnitt mittelwert prozent bevolkerung einwohner veranderung
taux ensemble effectif effectifs moyenne pourcentage mediane indice variation
tasa porcentaje promedio cantidad poblacion proporcion
aantal totaal gemiddelde aandeel bevolking percentages
tasso totale percentuale popolazione quota valore
nifer cyfanswm canran cyfradd cyfartaledd poblogaeth
"""

TIME: Final = """
jahr monat quartal woche zeitraum annee mois trimestre periode semaine anno mese trimestre periodo ano
jaar maand kwartaal blwyddyn chwarter cyfnod berichtsjahr
"""

PLACE: Final = """
bundesland kreis gemeinde landkreis regierungsbezirk departement commune pays canton arrondissement provincia municipio comunidad pais
gemeente provincie gewest comune regione paese ardal awdurdod rhanbarth gwlad ort stadt ville ciudad citta stad
"""


ANSWERS: Final = frozenset(
    """mannlich weiblich maennlich homme femme hombre mujer varon man vrouw maschio femmina uomo donna gwryw benyw
    ledig verheiratet geschieden verwitwet celibataire marie divorce veuf soltero casado divorciado viudo
    ongehuwd gehuwd gescheiden celibe nubile coniugato sposato vedovo erwerbstatig arbeitslos chomeur retraite
    desempleado jubilado werkloos gepensioneerd disoccupato pensionato""".split()
)
"""What persons are, cell by cell."""

SCALES: Final = frozenset(
    """stimme zu|stimme nicht zu|trifft zu|trifft nicht zu|weiss nicht|keine angabe|sehr zufrieden|zufrieden|unzufrieden|nie|selten|manchmal|oft|immer
    tout a fait d'accord|d'accord|pas d'accord|plutot d'accord|ne sait pas|satisfait|tres satisfait|jamais|parfois|souvent|toujours
    muy de acuerdo|de acuerdo|en desacuerdo|no sabe|nunca|a veces|siempre|muy satisfecho|satisfecho
    helemaal mee eens|mee eens|mee oneens|weet niet|nooit|soms|vaak|altijd|tevreden|per niente d'accordo|d'accordo|in disaccordo|non so|mai|sempre
    cytuno'n gryf|cytuno|anghytuno|ddim yn gwybod|byth""".replace("\n", "|").split("|")
)
"""Answers on a scale."""

GROUPS: Final[Mapping[str, str]] = {
    "key": KEY,
    "person": PERSON,
    "firm": FIRM,
    "measure": MEASURE,
    "time": TIME,
    "place": PLACE,
}
