/// Surnames and the shares with which they are drawn.
///
/// Source: the comparative table of leading surnames of the Guild of One-Name
/// Studies (surnamestudies.org.uk), column England and Wales 1984–97 (deaths
/// registered): the shares of the first twenty are the published ones, in
/// hundredths of a per cent. Below them the names are those of the table in
/// roughly its order, and the share in per cent is approximated by 14 / (rank + 27). The surnames
/// of other origins are common ones without a published share; their ranks are
/// approximations.
package enum SurnameTables {
    /// Name and share in hundredths of a per cent.
    package static let published: [(String, Int)] = [
        ("Smith", 137), ("Jones", 114), ("Williams", 73), ("Taylor", 63), ("Brown", 58),
        ("Davies", 58), ("Evans", 47), ("Thomas", 41), ("Wilson", 39), ("Roberts", 38),
        ("Johnson", 37), ("Robinson", 33), ("Wright", 32), ("Thompson", 31), ("Walker", 31),
        ("White", 31), ("Edwards", 30), ("Green", 30), ("Hall", 30), ("Wood", 30),
    ]

    package static let following = words(
        """
        Harris Hughes Martin Jackson Clarke Lewis Clark Turner Hill Cooper Ward Morris Moore
        Harrison King Baker Watson Morgan Allen James Scott Phillips Parker Lee Bennett Price
        Young Griffiths Cook Mitchell Davis Kelly Shaw Bailey Richardson Carter Collins Cox Miller
        Bell Marshall Simpson Adams Richards Wilkinson Murphy Ellis Webb Foster Rogers Stevens
        Hunt Chapman Mills Powell Gray Palmer Knight Holmes Lloyd Barnes Matthews Mason Butler
        Barker Fisher Russell Dixon Harvey Fletcher Graham Howard Pearson Jenkins Walsh Andrews
        Reynolds Ford Campbell Day Elliott Stewart Anderson Gibson West Hart Woods Atkinson
        Brooks Fox Pearce Johnston Murray Lawrence Cole Rose Booth Spencer Hudson Burton Owen
        Dean Payne Wells Armstrong Carr Gordon Porter Nicholls Kennedy Hamilton Newman Bradley
        Francis Walters Freeman Burgess Robertson Barrett Hunter Webster Saunders Reid
        Sutton Riley Bates Perry Warren Watts Lowe Grant Rowe Stone Cunningham Lane Black Bird
        Tucker Long Cross Hawkins Ryan Bishop Oliver Parsons Chambers Hopkins Harding Gardner
        Dawson Bull Simmons Bryant Hayes Nelson May Barber Nash Yates Arnold Curtis Potter Hewitt
        Goodwin Frost Coleman Byrne Hooper Wheeler Preston Parry Fowler Woodward Higgins Marsh
        Bolton Holland Buckley Pritchard Jarvis Norman Willis Kent Peters Field Stephenson Lamb
        Holt Jordan Sharp Davidson Austin Baxter Pratt Howell Page Rhodes Savage Bartlett Gill
        Sykes Osborne Bond Miles Thornton Norris Gibbs Rees Wade Slater Nicholson Chadwick Short
        Barton Fuller Moss Howe Whitehead Bowen Cooke Dunn Kirk Poole Sanders O'Brien
        O'Connor O'Neill McCarthy McDonald Sheppard Skinner Tyler Vaughan Whittaker Winter Wyatt
        """)

    package static let southAsian = words(
        """
        Patel Khan Singh Ahmed Hussain Ali Kaur Begum Shah Sharma Akhtar Mahmood Malik Iqbal
        Rahman Chowdhury Miah Uddin Mistry Desai Kumar Gupta Mehta Bibi Mirza Qureshi Sheikh
        Choudhury Islam Hassan Rashid Aslam Bashir Chaudhry Dhillon Gill Sandhu Sidhu Bains Rai
        """)

    package static let african = words(
        """
        Mohamed Okafor Adeyemi Osei Mensah Boateng Okoye Ibrahim Abdi Hassan Owusu Balogun Eze
        Asante Nwosu Adebayo Kamara Sesay Bangura Appiah Obi Musa Yusuf Tekle Campbell Brown
        Williams Francis Clarke Grant
        """)

    package static let eastAsian = words(
        "Chen Wong Li Wang Zhang Chan Liu Lau Cheung Huang Lam Nguyen Tran")

    package static let european = words(
        """
        Nowak Kowalski Kaminski Lewandowski Popescu Ionescu Silva Santos Ferreira Rossi García
        Fernández Müller Wójcik Novák Horváth Petrov Ivanov Kazlauskas Jansons Papadopoulos
        O'Sullivan O'Brien Byrne Doyle Kovács
        """)

    package static func words(_ text: String) -> [String] {
        text.split(whereSeparator: { $0 == " " || $0 == "\n" }).map(String.init)
    }
}
