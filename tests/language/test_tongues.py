import pytest

from audit.language.tongues import KNOWN, is_foreign

TALKS = {
    "es": "Buenos días, gracias por llamar. ¿En qué puedo ayudarle hoy? Hola, mi pedido no ha llegado y quiero saber qué pasa con él.",
    "fr": "Bonjour, merci d'avoir appelé. Comment puis-je vous aider ? Ma commande n'est pas arrivée et je voudrais savoir où elle est.",
    "de": "Guten Tag, danke für Ihren Anruf. Wie kann ich Ihnen helfen? Meine Bestellung ist nicht angekommen und ich möchte wissen, wo sie ist.",
    "it": "Buongiorno, grazie per la chiamata. Come posso aiutarla? Il mio ordine non è arrivato e vorrei sapere che cosa è successo.",
    "pt": "Bom dia, obrigado por ligar. Em que posso ajudar? O meu pedido não chegou e eu quero saber o que se passa com ele.",
    "nl": "Goedemiddag, bedankt voor uw telefoontje. Waarmee kan ik u helpen? Mijn bestelling is niet aangekomen en ik wil graag weten waar het is.",
    "fi": "Hyvää päivää, kiitos soitosta. Kuinka voin auttaa? Tilaukseni ei ole saapunut ja haluaisin tietää missä se on nyt menossa.",
    "id": "Selamat pagi, terima kasih sudah menelepon. Ada yang bisa saya bantu? Pesanan saya belum sampai dan saya ingin tahu di mana.",
    "zh": "您好，感谢您的来电，请问有什么可以帮您？我的订单还没有到，我想知道现在在哪里。",
    "ru": "Здравствуйте, спасибо за звонок. Чем я могу помочь? Мой заказ не пришёл, и я хочу знать, где он сейчас.",
}


@pytest.mark.parametrize("language", TALKS)
def test_other_languages_are_told(language):
    assert is_foreign([TALKS[language]], "en")


@pytest.mark.parametrize("language", sorted(KNOWN & TALKS.keys()))
def test_each_known_language_is_its_own(language):
    assert not is_foreign([TALKS[language]], language)


@pytest.mark.parametrize(
    "texts",
    [
        ["Hi", "order 123"],
        ["hello", "ok thanks", "Account number is 4455 6677", "done", "bye", "one moment", "Kim Lee", "Main Street 5"],
        [
            "My name is José García Hernández and I am calling from São Paulo about the café on Plaza de la Constitución."
        ],
        [
            "wifi ssid router reset blinking amber led port 443 tcp error 0x80070005",
            "I see, let me check it for you please",
        ],
        ["I need a ticket to la la land and das boot please"],
    ],
)
def test_english_stays_english(texts):
    assert not is_foreign(texts, "en")


def test_where_little_is_said_the_file_is_believed():
    assert is_foreign(["ok"], "en", "es-US")
    assert not is_foreign(["ok"], "en", "en_GB")
    assert not is_foreign(["ok"], "en")


def test_what_is_said_goes_before_what_the_file_tells():
    assert not is_foreign(
        ["Hello, thank you for calling, how can I help you with your order today please?"], "en", "es-US"
    )


def test_a_pack_in_a_language_without_a_list_trusts_the_file():
    assert is_foreign([TALKS["de"]], "fi", "de")
    assert not is_foreign([TALKS["de"]], "fi", "fi-FI")
    assert not is_foreign([TALKS["de"]], "fi")


def test_real_chats_are_english(shared):
    import json

    for path in sorted((shared / "corpus").glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            assert not is_foreign([turn["text"] for turn in json.loads(line)["turns"]], "en")
