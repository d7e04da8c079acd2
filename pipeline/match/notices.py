"""What stands around a story and says nothing of it, and what an editor says of an edit: stamps, counters, notices of correction.

Words only, in the languages of most outlets; everything is compared in the forms of ``text.tokens``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final

from pipeline.text import normalise, tokens

SENTENCE: Final = 4  # words a sentence has at least; what is shorter is a label
UNENDED: Final = 25  # words from which a line is prose though nothing ends it; a headline in a box of others has fewer
_END: Final = re.compile(r"[.!?…:;。！？।۔؟][\s\"'”’»）)\]」』]*$")
_SINGLE: Final = re.compile(r"[\u3041-\u30fa\u3400-\u9fff\u0e00-\u0eff]")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# how a page tells of its own age, length and readers; function words too, so that whole sentences are made of it
_FURNITURE: Final = _words(
    """
    a an the this that of on at by in to and has have been was were is are it last first from for updated update published posted
    modified edited created added article story page post report minute minutes min mins hour hours hr hrs day days ago just now today
    yesterday am pm gmt utc est edt cet cest bst et pt read reading time times words word comment comments share shares shared view
    views viewed like likes liked reply replies people reader readers person persons live jan feb mar apr may jun jul aug sep sept oct
    nov dec january february march april june july august september october november december mon tue wed thu fri sat sun monday
    tuesday wednesday thursday friday saturday sunday stand aktualisiert zuletzt veröffentlicht geändert um uhr vor minuten stunden
    stunde tagen heute gestern lesezeit kommentare kommentar mal gelesen geteilt der die das dieser artikel wurde januar februar märz
    mai juni juli oktober dezember von mis à jour le la publié modifié il y heures heure jours lecture temps de commentaires
    commentaire partages fois lu été janvier février mars avril juin juillet août septembre octobre novembre décembre actualizado
    publicado modificado el hace minutos horas días lectura tiempo comentarios comentario veces leído artículo las enero febrero marzo
    abril mayo junio julio agosto septiembre octubre noviembre diciembre aggiornato pubblicato ore fa minuti tempo di lettura commenti
    commento gennaio febbraio aprile maggio giugno luglio settembre ottobre dicembre atualizado em às há leitura comentários janeiro
    fevereiro março maio junho julho setembro outubro novembro dezembro bijgewerkt gepubliceerd geleden uur leestijd reacties januari
    februari maart mei augustus om zaktualizowano opublikowano dodano temu godzin godziny minut komentarze komentarzy обновлено
    обновлён опубликовано добавлено изменено назад минут минуты минуту час часа часов в комментариев комментария комментарий
    просмотров января февраля марта апреля мая июня июля августа сентября октября ноября декабря мск г года оновлено опубліковано тому
    хвилин годин січня лютого березня квітня травня червня липня серпня вересня жовтня листопада грудня uppdaterad publicerad sedan
    timmar minuter kommentarer kl den opdateret oppdatert publisert siden timer minutter güncelleme güncellendi yayınlanma saat dakika
    önce yorum 年 月 日 时 時 分 秒 前 更 新 发 發 布 佈 表 小 钟 鐘 阅 閱 读 讀 评 評 论 論 次 间 間 于 於 最 后 後 公 開 配 信 コ メ
    ン ト
    """
)

# an editor's label, before a colon, a dash, a date, or alone on a line
_LABELS: Final = (
    r"correction|corrected|corrects|clarification|clarified|erratum|errata|editor'?s'? note|note from the editors?|for the record"
    r"|korrektur|korrigiert|berichtigung|richtigstellung|klarstellung|präzisierung|anmerkung der redaktion|anm\. ?d\. ?red\.?"
    r"|rectificatif|rectification|précision|ndlr|note de la rédaction"
    r"|corrección|rectificación|aclaración|fe de errores|fe de erratas|nota de la redacción|nota del editor|n\. de la r\."
    r"|correzione|rettifica|errata corrige|precisazione|nota della redazione|ndr"
    r"|correção|correcção|retificação|esclarecimento|nota da redação|nota do editor"
    r"|correctie|rectificatie|verduidelijking|noot van de redactie|aanvulling en correctie"
    r"|sprostowanie|korekta|wyjaśnienie redakcji|od redakcji"
    r"|исправление|исправлено|уточнение|поправка|от редакции|примечание редакции|опровержение"
    r"|виправлення|виправлено|уточнення|від редакції|примітка редакції"
    r"|rättelse|förtydligande|korrigering|rettelse|retting|berigtigelse|presisering|oikaisu|korjaus|tarkennus"
    r"|oprava|upřesnění|redakční poznámka|poznámka redakce|helyesbítés|erată|rectificare|διόρθωση|διευκρίνιση"
    r"|düzeltme|editörün notu|תיקון|הבהרה|تصحيح|توضيح|ملاحظة المحرر|सुधार|स्पष्टीकरण|संपादक की टिप्पणी"
    r"|更正|更正声明|更正啟事|勘误|勘誤|澄清|编者注|編者註|编者按"
    r"|訂正|お詫びと訂正|訂正とお詫び|編集部注|정정|정정보도|바로잡습니다|편집자 ?주"
)
_DATED: Final = r"(?:\s*[,(（][^:：\n]{0,40})?"
_HEAD: Final = re.compile(rf"^[\W_]*(?:{_LABELS}){_DATED}\s*[)）\]】]?\s*(?:[:：—–|-]|\d)", re.IGNORECASE)
_ALONE: Final = re.compile(rf"^[\W_]*(?:{_LABELS})[\W_]*$", re.IGNORECASE)
_PHRASES: Final = re.compile(
    r"\b(?:an?|the) (?:earlier|previous|original|prior) (?:version|headline|report|edition) (?:of|on|to|in)\b"
    r"|\b(?:this|the) (?:\w+ ){0,3}?(?:article|story|report|piece|post|headline|item|text|version)\b[^.]{0,40}?\b(?:has|have|had) been"
    r" (?:\w+ ){0,2}?(?:corrected|amended|clarified|revised)\b"
    r"|\b(?:this|the) (?:article|story|report|piece|headline) was (?:\w+ ){0,2}?(?:corrected|amended|clarified)\b"
    r"|^[\W_]*corrects\b|\bwe regret the error\b|\bwe apologi[sz]e for the error\b"
    r"|\bin einer (?:früheren|ersten|vorherigen) (?:version|fassung)\b|\bin einer älteren version\b"
    r"|\b(?:une|la) (?:version|première version) (?:précédente|antérieure"
    r"|initiale) de\b|\bdans une (?:version précédente|première version)\b"
    r"|\b(?:una|la) versión (?:anterior|previa) de\b"
    r"|\bnella versione precedente\b|\b(?:una|la) versione precedente di\b"
    r"|\b(?:uma|a) versão anterior (?:de|deste|desta)\b|\bin een eerdere (?:versie|versies) van\b|\bwe wcześniejszej wersji\b"
    r"|\bв (?:предыдущей|ранней|первоначальной|более ранней) версии\b|\bу (?:попередній|початковій) версії\b"
    r"|\bi en tidigare version\b"
    r"|\bi en tidligere (?:versjon|version|utgave)\b|\baiemmassa versiossa\b"
    r"|\bv (?:původní|předchozí|dřívější) verzi\b"
    r"|haberin önceki (?:sürümünde|halinde)|(?:本文|报道|報道|文章)(?:早前|此前|先前|较早|較早)(?:版本)?"
    r"|当初の記事|以前の記事で|이전 기사에서",
    re.IGNORECASE,
)

_NUMBERS: Final = _words(
    """
    zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen
    twenty thirty forty fifty sixty seventy eighty ninety hundred hundreds thousand thousands million millions billion billions dozen
    dozens null eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf zwanzig dreißig hundert tausend millionen milliarden
    deux trois quatre cinq sept huit neuf dix onze douze vingt trente cent cents mille milliards dos tres cuatro cinco seis siete ocho
    nueve diez once doce veinte treinta cien ciento mil millón millones due tre quattro cinque sei sette otto nove dieci undici dodici
    venti cento milioni dois duas três quatro oito dez doze vinte cem milhão milhões twee drie vijf zes zeven negen tien twaalf
    honderd duizend miljoen dwa dwie trzy cztery pięć sześć siedem osiem dziewięć dziesięć один одна два две три четыре пять шесть
    семь восемь девять десять двое трое четверо пятеро сто тысяча тысячи тысяч миллион миллиона миллионов дві чотири шість сім вісім
    тисяч мільйонів två fyra fem sex sju åtta nio tio to fire seks syv otte ni ti iki üç dört beş altı yedi sekiz dokuz on yüz bin
    milyon 零 一 二 两 兩 三 四 五 六 七 八 九 十 百 千 万 萬 亿 億
    """
)


def is_figure(form: str) -> bool:
    """Whether a word is a number, in digits or spelt."""
    return form[0].isdigit() or form in _NUMBERS


def is_furniture(forms: Sequence[str]) -> bool:
    """Whether a sentence only tells of the page: when it was changed, how long it is, who has read it."""
    return all(form[0].isdigit() or form in _FURNITURE for form in forms)


def is_prose(line: str, words: int) -> bool:
    """Whether a line holds sentences. A subhead, a label, a headline in a box of others does not. ``words``: how many it has."""
    least = 2 * SENTENCE if _SINGLE.search(line) else SENTENCE
    return words >= UNENDED or (words >= least and _END.search(line) is not None)


def notices(lines: Iterable[str]) -> list[tuple[str, ...]]:
    """The words of each notice by which the editors say that something was wrong, or how it is meant."""
    found = []
    label: tuple[str, ...] = ()
    for line in lines:
        said, words = normalise(line), tuple(tokens(line).forms)
        if label and is_prose(line, len(words)):
            found.append((*label, *words))
        elif _HEAD.match(said) or _PHRASES.search(said):
            found.append(words)
        label = words if _ALONE.match(said) else ()
    return found
