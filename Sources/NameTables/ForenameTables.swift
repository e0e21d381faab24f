/// Forenames by sex and decade of birth, most frequent first.
///
/// Source: the Office for National Statistics' "Baby names in England and Wales:
/// top 100 historical data" (1934–1994) and "Baby names in England and Wales"
/// (2004, 2014). The names are those of the leading part of the lists; below the
/// first few the order is approximate, and the shares are approximated by
/// 1 / (rank + 6), scaled so that the listed names have ``headPercent`` of the births.
package enum ForenameTables {
    /// The middle year of each era.
    package static let years = [1934, 1944, 1954, 1964, 1974, 1984, 1994, 2004, 2014]

    /// The share in per cent that the listed names have of all births of the era.
    package static let headPercent = [82, 82, 80, 78, 74, 68, 60, 50, 40]

    package static let male = [
        """
        John Peter William Brian David James Michael Ronald Kenneth George Robert Derek Roy
        Thomas Dennis Raymond Alan Donald Anthony Joseph Gordon Eric Frank Edward Keith Norman
        Arthur Douglas Terence Albert Frederick Charles Leslie Stanley Malcolm Harry Geoffrey
        """,
        """
        John David Michael Peter Robert Anthony Brian Alan William James Richard Kenneth Roger
        Keith Colin Christopher Terence Raymond Barry Derek Thomas George Ronald Geoffrey Graham
        Malcolm Patrick Roy Edward Joseph Leslie Stephen Trevor Paul Dennis Francis Gordon
        """,
        """
        David John Stephen Michael Peter Robert Paul Alan Christopher Richard Anthony Kevin
        Andrew Ian William James Brian Keith Graham Philip Colin Barry Thomas Geoffrey Martin
        Nigel Terence Raymond Kenneth Roger Nicholas Trevor Timothy Jonathan Malcolm Mark George
        """,
        """
        David Paul Andrew Mark John Michael Stephen Ian Robert Richard Christopher Peter Simon
        Anthony Kevin Gary Steven Martin James Philip Alan Neil Nigel Timothy Colin Graham
        Jonathan Nicholas William Adrian Brian Stuart Keith Thomas Patrick Carl Trevor Wayne
        """,
        """
        Paul Mark David Andrew Richard Christopher James Simon Michael Matthew Stephen Lee John
        Robert Darren Daniel Steven Jason Nicholas Jonathan Ian Neil Peter Stuart Anthony Martin
        Kevin Craig Philip Gary Scott Wayne Timothy Benjamin Adam Thomas William Carl Adrian
        """,
        """
        Christopher James David Daniel Michael Matthew Andrew Richard Paul Mark Thomas Adam Robert
        John Lee Benjamin Steven Jonathan Craig Stephen Simon Nicholas Peter Anthony Alexander
        Gary Ian Ryan Darren Barry Jamie Stuart Philip Luke Neil Samuel Joseph Ashley Oliver
        """,
        """
        Thomas James Jack Daniel Matthew Ryan Joshua Luke Samuel Jordan Adam Michael Alexander
        Christopher Benjamin Joseph Liam Jake William Andrew George Lewis Oliver David Robert
        Jamie Nathan Connor Jonathan Harry Callum Aaron Ashley Bradley Jacob Kieran Scott Sam
        """,
        """
        Jack Joshua Thomas James Daniel Samuel Oliver William Benjamin Joseph Harry Matthew Lewis
        Ethan Luke Charlie George Callum Alexander Mohammed Ryan Dylan Jacob Adam Ben Connor
        Cameron Jake Liam Nathan Alfie Tyler Max Aaron Jamie Owen Harvey Michael Kieran Louis
        """,
        """
        Oliver Jack Harry Jacob Charlie Thomas George Oscar James William Noah Alfie Joshua
        Muhammad Henry Leo Archie Ethan Joseph Freddie Samuel Alexander Logan Daniel Isaac Max
        Mohammed Benjamin Mason Lucas Edward Harrison Jake Dylan Riley Finley Theo Sebastian
        """,
    ].map(SurnameTables.words)

    package static let female = [
        """
        Margaret Jean Mary Joan Patricia Sheila Barbara Doreen June Shirley Dorothy Joyce Maureen
        Elizabeth Audrey Brenda Kathleen Sylvia Eileen Pamela Betty Beryl Ann Irene Marjorie Enid
        Rita Jeanne Hazel Norma Edna Freda Evelyn Vera Doris Gladys Phyllis
        """,
        """
        Margaret Patricia Christine Mary Jean Ann Susan Janet Maureen Barbara Valerie Carol Sandra
        Pauline Elizabeth Joan Pamela Jennifer Kathleen Anne Sheila Brenda Gillian Linda
        Jacqueline Dorothy Eileen Judith Shirley Joyce Marion Sylvia Carole Rosemary Hilary
        """,
        """
        Susan Linda Christine Margaret Janet Patricia Carol Elizabeth Mary Anne Ann Jane Jacqueline
        Barbara Sandra Gillian Pauline Elaine Lesley Angela Marion Jennifer Hilary Sheila Diane
        Julie Kathleen Catherine Maureen Valerie Lynn Judith Denise Helen Brenda Wendy Teresa
        """,
        """
        Susan Julie Karen Jacqueline Deborah Tracey Jane Helen Diane Sharon Tracy Angela Sarah
        Alison Caroline Amanda Sandra Linda Catherine Elizabeth Carol Joanne Wendy Janet Dawn
        Christine Nicola Lesley Gillian Michelle Margaret Paula Anne Elaine Debra Lorraine Fiona
        """,
        """
        Sarah Claire Nicola Emma Lisa Joanne Michelle Helen Samantha Karen Victoria Rachel Louise
        Julie Clare Rebecca Sharon Tracey Caroline Amanda Jane Kelly Angela Jennifer Catherine
        Alison Kerry Susan Elizabeth Melanie Zoë Tracy Andrea Deborah Donna Katherine Hannah
        """,
        """
        Sarah Laura Gemma Emma Rebecca Claire Victoria Samantha Rachel Amy Jennifer Nicola
        Katie Lisa Kelly Natalie Louise Michelle Hayley Hannah Helen Charlotte Joanne Lucy
        Elizabeth Leanne Danielle Donna Katherine Clare Stephanie Stacey Lauren Kerry Jessica Zoe
        """,
        """
        Rebecca Lauren Jessica Charlotte Hannah Sophie Amy Emily Laura Emma Chloe Sarah Lucy Katie
        Bethany Jade Megan Danielle Alice Abigail Samantha Rachel Georgia Stephanie Eleanor
        Elizabeth Natalie Natasha Hayley Holly Victoria Kirsty Olivia Kayleigh Gemma Leah Ellie
        """,
        """
        Emily Ellie Jessica Sophie Chloe Lucy Olivia Charlotte Katie Megan Grace Hannah Amy Ella
        Mia Lily Abigail Emma Amelia Molly Lauren Millie Holly Leah Caitlin Rebecca Georgia
        Bethany Eleanor Isabelle Daisy Elizabeth Erin Isabella Ruby Alice Chloé Zoë Freya
        """,
        """
        Amelia Olivia Isla Emily Poppy Ava Isabella Jessica Lily Sophie Grace Sophia Mia Evie Ruby
        Ella Scarlett Isabelle Chloe Sienna Freya Phoebe Charlotte Daisy Alice Florence Eva
        Sofia Millie Lucy Evelyn Elsie Rosie Imogen Lola Matilda Elizabeth Layla Holly Zoë
        """,
    ].map(SurnameTables.words)

    package static let southAsianMale = SurnameTables.words(
        """
        Mohammed Muhammad Ali Ahmed Hassan Imran Amit Raj Sanjay Hardeep Arjun Rahul Abdul Usman
        Bilal Zain Ibrahim Yusuf Omar Harpreet Vijay Sunil Anil Tariq Nadeem Asif Kamran Aarav
        """)
    package static let southAsianFemale = SurnameTables.words(
        """
        Fatima Aisha Maryam Zainab Priya Anjali Sunita Harpreet Jaspreet Shabana Nasreen Rukhsana
        Amina Khadija Hafsa Sana Saima Nadia Meena Kavita Pooja Simran Noor Zara Rani Parveen
        """)
    package static let africanMale = SurnameTables.words(
        """
        Emmanuel Samuel Kwame Kofi Chidi Tunde Ibrahim Abdi Yusuf Daniel Joseph Emeka Olu Femi
        Marcus Leroy Winston Delroy Jerome Isaiah Elijah Mohamed Kwabena Segun
        """)
    package static let africanFemale = SurnameTables.words(
        """
        Blessing Grace Precious Ama Abena Ngozi Amara Chioma Funmi Fatou Aisha Amina Esther Mercy
        Patience Comfort Michelle Naomi Ruth Jasmine Yaa Efua Hodan Ayaan
        """)
    package static let eastAsianMale = SurnameTables.words(
        "Wei Jun Ming Jason Kevin Daniel Andrew Henry Raymond Eric Chi Hao Lei Tony Minh")
    package static let eastAsianFemale = SurnameTables.words(
        "Mei Li Ying Amy Grace Jenny Michelle Joanna Yan Xin Ling Hui Winnie Linh Vivian")
    package static let europeanMale = SurnameTables.words(
        """
        Piotr Krzysztof Andrzej Tomasz Marek Adam Jakub Andrei Ion Mihai João José Luís Marco
        Patrick Seán Declan Brendan André Jürgen Pawel Lukasz Nikos Stefan
        """)
    package static let europeanFemale = SurnameTables.words(
        """
        Anna Maria Katarzyna Agnieszka Magdalena Monika Ewa Elena Ioana Andreea Inês Ana Giulia
        Siobhán Niamh Bridget Renée Zoë Chloé Marta Sofia Aleksandra Eleni Petra
        """)
}
