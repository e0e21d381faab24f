"""Names of the synthetic children, with the shares at which they are drawn.

Sources, as in Stile's synthetic county (Sources/Synth/SurnameTables.swift and
ForenameTables.swift): the comparative table of leading surnames of the Guild of One-Name
Studies (England and Wales 1984-97; the shares of the first twenty are the published ones,
in hundredths of a per cent; below them 14 / (rank + 27) per cent), and the Office for
National Statistics' "Baby names in England and Wales" for 1994, 2004 and 2014 (order
approximate below the first few; shares 1 / (rank + 6), scaled to the share that the listed
names have of all births). Below the lists comes a long tail of names put together from
parts. Surnames and forenames of other origins are drawn by rank only.
"""

# Hundredths of a per cent.
PUBLISHED_SURNAMES = {
    "Smith": 137, "Jones": 114, "Williams": 73, "Taylor": 63, "Brown": 58, "Davies": 58,
    "Evans": 47, "Thomas": 41, "Wilson": 39, "Roberts": 38, "Johnson": 37, "Robinson": 33,
    "Wright": 32, "Thompson": 31, "Walker": 31, "White": 31, "Edwards": 30, "Green": 30,
    "Hall": 30, "Wood": 30,
}

FOLLOWING_SURNAMES = """
    Harris Hughes Martin Jackson Clarke Lewis Clark Turner Hill Cooper Ward Morris Moore
    Harrison King Baker Watson Morgan Allen James Scott Phillips Parker Lee Bennett Price
    Young Griffiths Cook Mitchell Davis Kelly Shaw Bailey Richardson Carter Collins Cox
    Miller Bell Marshall Simpson Adams Richards Wilkinson Murphy Ellis Webb Foster Rogers
    Stevens Hunt Chapman Mills Powell Gray Palmer Knight Holmes Lloyd Barnes Matthews Mason
    Butler Barker Fisher Russell Dixon Harvey Fletcher Graham Howard Pearson Jenkins Walsh
    Andrews Reynolds Ford Campbell Day Elliott Stewart Anderson Gibson West Hart Woods
    Atkinson Brooks Fox Pearce Johnston Murray Lawrence Cole Rose Booth Spencer Hudson
    Burton Owen Dean Payne Wells Armstrong Carr Gordon Porter Nicholls Kennedy Hamilton
    Newman Bradley Francis Walters Freeman Burgess Robertson Barrett Hunter Webster Saunders
    Reid Sutton Riley Bates Perry Warren Watts Lowe Grant Rowe Stone Cunningham Lane Black
    Bird Tucker Long Cross Hawkins Ryan Bishop Oliver Parsons Chambers Hopkins Harding
    Gardner Dawson Bull Simmons Bryant Hayes Nelson May Barber Nash Yates Arnold Curtis
    Potter Hewitt Goodwin Frost Coleman Byrne Hooper Wheeler Preston Parry Fowler Woodward
    Higgins Marsh Bolton Holland Buckley Pritchard Jarvis Norman Willis Kent Peters Field
    Stephenson Lamb Holt Jordan Sharp Davidson Austin Baxter Pratt Howell Page Rhodes Savage
    Bartlett Gill Sykes Osborne Bond Miles Thornton Norris Gibbs Rees Wade Slater Nicholson
    Chadwick Short Barton Fuller Moss Howe Whitehead Bowen Cooke Dunn Kirk Poole Sanders
    O'Brien O'Connor O'Neill McCarthy McDonald Sheppard Skinner Tyler Vaughan Whittaker
    Winter Wyatt
""".split()

EUROPEAN_SURNAMES = """
    Nowak Kowalski Kaminski Lewandowski Popescu Ionescu Silva Santos Ferreira Rossi García
    Fernández Müller Wójcik Novák Horváth Petrov Ivanov Kazlauskas Jansons Papadopoulos
    O'Sullivan O'Brien Byrne Doyle Kovács
""".split()

SOUTH_ASIAN_SURNAMES = """
    Patel Khan Singh Ahmed Hussain Ali Kaur Begum Shah Sharma Akhtar Mahmood Malik Iqbal
    Rahman Chowdhury Miah Uddin Mistry Desai Kumar Gupta Mehta Bibi Mirza Qureshi Sheikh
    Choudhury Islam Hassan Rashid Aslam Bashir Chaudhry Dhillon Gill Sandhu Sidhu Bains Rai
""".split()

AFRICAN_SURNAMES = """
    Mohamed Okafor Adeyemi Osei Mensah Boateng Okoye Ibrahim Abdi Hassan Owusu Balogun Eze
    Asante Nwosu Adebayo Kamara Sesay Bangura Appiah Obi Musa Yusuf Tekle Campbell Brown
    Williams Francis Clarke Grant
""".split()

EAST_ASIAN_SURNAMES = """
    Chen Wong Li Wang Zhang Chan Liu Lau Cheung Huang Lam Nguyen Tran
""".split()

SURNAME_HEADS = """
    Ash Black Brad Brock Burn Cald Chat Clay Col Cran Crow Dal Den Dun East Eld Fair Farn
    Gold Grim Had Hal Ham Hart Hazel Hol Hors Hunt Kel Kings Lang Lin Long Mal Mar Mid Nor
    Oak Old Pen Pick Pres Rad Rams Red Ros Rush Sand Sea Shel Stan Stock Sut Thorn Tun Up
    Wake Wal War Wat Wes Whit Win Wood Wy
""".split()

SURNAME_TAILS = """
    bank borough bourne bridge brook bury by combe cote croft dale den don field ford gate
    ham hill house hurst land ley low man mere more ridge shaw son stead stock stone ton
    wall water way well wick wood worth yard
""".split()

# The share that the listed forenames have of all births of the era.
ERA_YEARS = (1994, 2004, 2014)
ERA_SHARES = (0.60, 0.50, 0.40)

MALE_FORENAMES = (
    """
        Thomas James Jack Daniel Matthew Ryan Joshua Luke Samuel Jordan Adam Michael Alexander
        Christopher Benjamin Joseph Liam Jake William Andrew George Lewis Oliver David Robert
        Jamie Nathan Connor Jonathan Harry Callum Aaron Ashley Bradley Jacob Kieran Scott Sam
    """.split(),
    """
        Jack Joshua Thomas James Daniel Samuel Oliver William Benjamin Joseph Harry Matthew
        Lewis Ethan Luke Charlie George Callum Alexander Mohammed Ryan Dylan Jacob Adam Ben
        Connor Cameron Jake Liam Nathan Alfie Tyler Max Aaron Jamie Owen Harvey Michael Kieran
        Louis
    """.split(),
    """
        Oliver Jack Harry Jacob Charlie Thomas George Oscar James William Noah Alfie Joshua
        Muhammad Henry Leo Archie Ethan Joseph Freddie Samuel Alexander Logan Daniel Isaac Max
        Mohammed Benjamin Mason Lucas Edward Harrison Jake Dylan Riley Finley Theo Sebastian
    """.split(),
)

EUROPEAN_MALE_FORENAMES = """
    Piotr Krzysztof Andrzej Tomasz Marek Adam Jakub Andrei Ion Mihai João José Luís Marco
    Patrick Seán Declan Brendan André Jürgen Pawel Lukasz Nikos Stefan
""".split()

SOUTH_ASIAN_MALE_FORENAMES = """
    Mohammed Muhammad Ali Ahmed Hassan Imran Amit Raj Sanjay Hardeep Arjun Rahul Abdul Usman
    Bilal Zain Ibrahim Yusuf Omar Harpreet Vijay Sunil Anil Tariq Nadeem Asif Kamran Aarav
""".split()

AFRICAN_MALE_FORENAMES = """
    Emmanuel Samuel Kwame Kofi Chidi Tunde Ibrahim Abdi Yusuf Daniel Joseph Emeka Olu Femi
    Marcus Leroy Winston Delroy Jerome Isaiah Elijah Mohamed Kwabena Segun
""".split()

EAST_ASIAN_MALE_FORENAMES = """
    Wei Jun Ming Jason Kevin Daniel Andrew Henry Raymond Eric Chi Hao Lei Tony Minh
""".split()

FEMALE_FORENAMES = (
    """
        Rebecca Lauren Jessica Charlotte Hannah Sophie Amy Emily Laura Emma Chloe Sarah Lucy
        Katie Bethany Jade Megan Danielle Alice Abigail Samantha Rachel Georgia Stephanie
        Eleanor Elizabeth Natalie Natasha Hayley Holly Victoria Kirsty Olivia Kayleigh Gemma
        Leah Ellie
    """.split(),
    """
        Emily Ellie Jessica Sophie Chloe Lucy Olivia Charlotte Katie Megan Grace Hannah Amy Ella
        Mia Lily Abigail Emma Amelia Molly Lauren Millie Holly Leah Caitlin Rebecca Georgia
        Bethany Eleanor Isabelle Daisy Elizabeth Erin Isabella Ruby Alice Chloé Zoë Freya
    """.split(),
    """
        Amelia Olivia Isla Emily Poppy Ava Isabella Jessica Lily Sophie Grace Sophia Mia Evie
        Ruby Ella Scarlett Isabelle Chloe Sienna Freya Phoebe Charlotte Daisy Alice Florence Eva
        Sofia Millie Lucy Evelyn Elsie Rosie Imogen Lola Matilda Elizabeth Layla Holly Zoë
    """.split(),
)

EUROPEAN_FEMALE_FORENAMES = """
    Anna Maria Katarzyna Agnieszka Magdalena Monika Ewa Elena Ioana Andreea Inês Ana Giulia
    Siobhán Niamh Bridget Renée Zoë Chloé Marta Sofia Aleksandra Eleni Petra
""".split()

SOUTH_ASIAN_FEMALE_FORENAMES = """
    Fatima Aisha Maryam Zainab Priya Anjali Sunita Harpreet Jaspreet Shabana Nasreen
    Rukhsana Amina Khadija Hafsa Sana Saima Nadia Meena Kavita Pooja Simran Noor Zara Rani
    Parveen
""".split()

AFRICAN_FEMALE_FORENAMES = """
    Blessing Grace Precious Ama Abena Ngozi Amara Chioma Funmi Fatou Aisha Amina Esther
    Mercy Patience Comfort Michelle Naomi Ruth Jasmine Yaa Efua Hodan Ayaan
""".split()

EAST_ASIAN_FEMALE_FORENAMES = """
    Mei Li Ying Amy Grace Jenny Michelle Joanna Yan Xin Ling Hui Winnie Linh Vivian
""".split()

FORENAME_OPENINGS = (
    "Al Bel Cal Dar El Fen Gar Jal Kay Lor Mar Ner Or Per Ray Sal Tam Val Wil Zan".split()
)
FORENAME_MIDDLES = ("", "a", "i", "o", "li", "ri", "na")
FEMALE_CLOSINGS = ("na", "lyn", "elle", "ia", "isa", "ette")
MALE_CLOSINGS = ("on", "den", "ard", "ick")

# The form by which some children go instead of the name on their birth certificate.
SHORT_FORMS = dict(
    pair.split(":")
    for pair in """
    Christopher:Chris Michael:Mike Robert:Bob William:Will Thomas:Tom James:Jamie
    Matthew:Matt Andrew:Andy Nicholas:Nick Daniel:Dan Joseph:Joe Samuel:Sam Benjamin:Ben
    Alexander:Alex Edward:Ted Elizabeth:Lizzie Katherine:Kate Jennifer:Jen Victoria:Vicky
    Samantha:Sam Rebecca:Becky Abigail:Abi Charlotte:Lottie Joshua:Josh Isabella:Bella
    Isabelle:Izzy Jessica:Jess Olivia:Liv Eleanor:Ellie Natasha:Tasha Natalie:Nat
    Emily:Em Amelia:Millie Sophie:Soph Jacob:Jake Oliver:Ollie Archie:Arch Harrison:Harry
    Frederick:Freddie Mohammed:Mo Muhammad:Mohammed Sebastian:Seb Theodore:Theo
    Matilda:Tilly Florence:Flo Evelyn:Evie Imogen:Immy Bethany:Beth Lucas:Luke
    Nathan:Nate Zachary:Zac Cameron:Cam Maximilian:Max Gabriella:Gabby Scarlett:Scar
    """.split()
)
