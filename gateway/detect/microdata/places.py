"""Names of countries, states and regions: a column of them is a geography, whatever its header."""

from __future__ import annotations

import re
from typing import Final, Sequence

_NAMES = """
england|scotland|wales|northern ireland|united kingdom|great britain|north east|north west|yorkshire and the humber|yorkshire
east midlands|west midlands|east of england|east|london|greater london|south east|south west|inner london|outer london
alabama|alaska|arizona|arkansas|california|colorado|connecticut|delaware|florida|georgia|hawaii|idaho|illinois|indiana|iowa
kansas|kentucky|louisiana|maine|maryland|massachusetts|michigan|minnesota|mississippi|missouri|montana|nebraska|nevada
new hampshire|new jersey|new mexico|new york|north carolina|north dakota|ohio|oklahoma|oregon|pennsylvania|rhode island
south carolina|south dakota|tennessee|texas|utah|vermont|virginia|washington|west virginia|wisconsin|wyoming|district of columbia
afghanistan|albania|algeria|angola|argentina|armenia|australia|austria|azerbaijan|bahrain|bangladesh|barbados|belarus|belgium
belize|benin|bolivia|botswana|brazil|brunei|bulgaria|burkina faso|burundi|cambodia|cameroon|canada|chad|chile|china|colombia
costa rica|croatia|cuba|cyprus|czech republic|czechia|denmark|djibouti|ecuador|egypt|el salvador|estonia|ethiopia|fiji|finland
france|gabon|gambia|germany|ghana|greece|guatemala|guinea|guyana|haiti|honduras|hungary|iceland|india|indonesia|iran|iraq|ireland
israel|italy|jamaica|japan|jordan|kazakhstan|kenya|kuwait|latvia|lebanon|lesotho|liberia|libya|lithuania|luxembourg|madagascar
malawi|malaysia|mali|malta|mauritania|mauritius|mexico|moldova|mongolia|morocco|mozambique|myanmar|namibia|nepal|netherlands
new zealand|nicaragua|niger|nigeria|norway|oman|pakistan|panama|paraguay|peru|philippines|poland|portugal|qatar|romania|russia
rwanda|saudi arabia|senegal|serbia|sierra leone|singapore|slovakia|slovenia|somalia|south africa|south korea|spain|sri lanka
sudan|suriname|sweden|switzerland|syria|taiwan|tajikistan|tanzania|thailand|togo|tunisia|turkey|uganda|ukraine|uruguay|uzbekistan
venezuela|vietnam|yemen|zambia|zimbabwe|united states|usa|new south wales|victoria|queensland|south australia|western australia
tasmania|ontario|quebec|british columbia|alberta|manitoba|saskatchewan|nova scotia|new brunswick
"""
NAMES: Final = frozenset(_NAMES.replace("\n", "|").split("|")) - {""}


_DISTRICT = re.compile(
    r"[a-z.'] (?:county|parish|borough|district|province|census area)(?:, [a-z ]+)?$"
)


def are_places(values: Sequence[str]) -> bool:
    """At least half of the values are names of places."""
    seen = [value.strip() for value in "\n".join(values).lower().split("\n")]
    known = sum(1 for value in seen if value in NAMES or _DISTRICT.search(value))
    return len(values) >= 3 and 2 * known >= len(seen)
